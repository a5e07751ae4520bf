"""Acknowledged, durable pledges a second over HTTP from one worker, beside the same script alone, in turns.

python pledging.py <seconds>; one JSON line for each number of clients. `cpu_us` is the processor time that
each process takes for a pledge: what the machine permits is its cores divided by their sum. The script alone
is run by redis-benchmark with 64 clients and no pipelining, on the same store, with as many and as large
arguments. Proofs are solved before, and limits are off.
"""

import asyncio
import json
import os
import re
import resource
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import altcha
from process import cpu_s, workers
from redis import Redis
from wire import blueheart, wrk

from badge.pledges import Pledge, Source
from badge.store import EmbeddedStore, PledgeStore, open_stores

CLIENTS = (64, 1000)
_MOST_PER_S = 8000  # no worker takes more; the others need not be solved
_VALID_S = 600
OFF = {f"{name}_limit": "off" for name in ("pledge", "form", "receipt", "campaign")}
EASY = {"campaign_burst": "off", "pledge_cost": "1", "pledge_attempts": "1", "pledge_surge": "10000000"}


def main(seconds: float) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bh-")))
        origin = stack.enter_context(blueheart(**OFF, **EASY, data_dir=str(folder)))
        socket = EmbeddedStore(folder).endpoints.data.removeprefix("unix://")
        store = stack.enter_context(Redis(unix_socket_path=socket))
        if store.config_get("appendfsync")["appendfsync"] != "always":
            raise RuntimeError("the store does not wait for the disk")
        parts = {"worker": workers(origin)[0], "store": Path(f"/proc/{store.info('server')['process_id']}")}
        os.environ["PLEDGES"] = str(folder / "pledges")
        for clients in CLIENTS:
            count = int(_MOST_PER_S * (seconds + 1))
            (folder / "pledges").write_text(asyncio.run(solve(folder, count)))
            alone, alone_us = script_alone(socket, parts["store"], seconds)
            before = {part: cpu_s(process) for part, process in parts.items()} | {"client": children_s()}
            load = wrk(f"{origin}/api/v1/pledges", seconds, connections=clients, script="pledge.lua")
            after = {part: cpu_s(process) for part, process in parts.items()} | {"client": children_s()}
            again, _ = script_alone(socket, parts["store"], seconds)
            taken = load.per_s * seconds
            tell(
                clients=clients,
                per_s=round(load.per_s),
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
                failed=load.failed,
                cpu_us={part: round((after[part] - before[part]) / taken * 1e6, 1) for part in before},
                redis_benchmark_64_clients_per_s=round((alone + again) / 2),
                redis_benchmark_cpu_us=alone_us,
                ratio=round(2 * load.per_s / (alone + again), 2),
            )


async def solve(folder: Path, count: int) -> str:
    """Returns lines of a key and a body, each with a solved challenge that the running service signed."""
    own = EmbeddedStore(folder).endpoints
    stores = await open_stores(own.data, own.cache, folder)
    key, answer_key = [await stores.pledges.subkey(use) for use in ("challenge", "challenge answer")]
    await stores.aclose()
    lines: list[str] = []
    for _ in range(count):
        challenge = altcha.create_challenge(
            "PBKDF2/SHA-256",
            1,
            counter=0,
            expires_at=int(time.time()) + _VALID_S,
            data={"campaign": "world"},
            hmac_secret=key,
            hmac_key_secret=answer_key,
        )
        solution = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()
        body = {"campaign": "world", "source": "api", "country": "BE", "language": "nl", "solution": solution}
        lines.append(f"{uuid.uuid4()}\t{json.dumps(body)}\n")
    return "".join(lines)


def script_alone(socket: str, store: Path, seconds: float) -> tuple[float, dict[str, float]]:
    """Returns how often a second redis-benchmark runs the script, and what each of both takes for it."""
    script = PledgeStore(None)._pledge  # type: ignore[arg-type]
    load = ["redis-cli", "-s", socket, "-x", "SCRIPT", "LOAD"]
    subprocess.run(load, input=script.text.encode(), capture_output=True, check=True)
    # A campaign of its own each time: redis-benchmark draws the same numbers again.
    arguments = [
        f"bh:{{alone-{secrets.token_hex(4)}}}:n",
        "m-__rand_int__",
        "c" * 32,
        Pledge("alone", Source.API, "BE", "nl").pack().replace(b"\0", b"-").decode("latin-1"),
        "n" * 18 + "__rand_int__",  # a proof's nonce, its owner, and for how many seconds it is remembered
        "o" * 16,
        str(_VALID_S),
    ]
    runs = int(4000 * seconds)
    command = ["redis-benchmark", "-s", socket, "-c", "64", "-n", str(runs), "-r", "1000000000", "-q"]
    before = cpu_s(store), children_s()
    said = subprocess.run(
        [*command, "EVALSHA", script.sha, "1", *arguments], capture_output=True, text=True, check=True
    ).stdout
    took = cpu_s(store) - before[0], children_s() - before[1]
    per_s = float(re.findall(r"([\d.]+) requests per second", said)[-1])
    return per_s, {part: round(s / runs * 1e6, 1) for part, s in zip(("store", "client"), took, strict=True)}


def children_s() -> float:
    """Returns the processor time of what this process has run and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(**facts: object) -> None:
    print(json.dumps({"work": "pledges", "who": "blue-heart", **facts}), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
