"""The public log against Go's golang.org/x/mod/sumdb, and read by a stranger's own verifier.

tlog/vectors.json was made by tlog/main.go, which says how. It also verifies a running service.
"""

import asyncio
import base64
import hashlib
import json
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from badge.pledges.checkpoint import Checkpoint, SigningKey, sign, verifier_key
from badge.pledges.tiles import Tiles
from badge.pledges.tree import path
from badge.store import Stores, open_stores
from badge.store.entry import Entry
from badge.web.log import _read_path

VECTORS = json.loads((Path(__file__).parent / "tlog" / "vectors.json").read_text())
VERIFIER = Path(__file__).parents[2] / "docs" / "verify.py"
ORIGIN = "badges.example/log/world"
ENTRIES = b"".join(
    Entry("+", 20000, number + 1, hashlib.sha256(b"%d" % number).digest()).pack() for number in range(66000)
)


async def read(slug: str, first: int, count: int) -> tuple[bytes, bytes]:
    return ENTRIES[first * 40 : (first + count) * 40], b""


async def test_tiles_roots_proofs_and_notes_are_byte_for_byte_those_of_go(tmp_path: Path) -> None:
    key = SigningKey.derived(bytes.fromhex(VECTORS["seed"]))
    assert verifier_key(ORIGIN, key.public) == VECTORS["vkey"]
    stores = await open_stores("", "", tmp_path)
    try:
        for case in VECTORS["cases"]:
            await agree(case, stores, key)
    finally:
        await stores.aclose()


async def agree(case: dict[str, Any], stores: Stores, key: SigningKey) -> None:
    size = case["size"]
    tiles = Tiles("vectors", read, stores.log)
    await tiles.grow(size)
    assert sign(Checkpoint(ORIGIN, size, await tiles.root(0, size)), [key]) == case["note"]
    for name, digest in case["tiles"].items():
        level, index, width = _read_path(name.removeprefix("tile/"))
        assert level is not None
        assert hashlib.sha256(await tiles.hashes(level, index * 256, width)).hexdigest() == digest, name
    for index, proof in case["proofs"].items():
        hashes = [await tiles.root(first, past) for first, past in path(int(index), size)]
        assert [base64.b64encode(one).decode() for one in hashes] == proof


def verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(VERIFIER), *arguments], capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_stranger_verifies_the_log_and_a_receipt_with_80_lines(
    served: Any, pledging: Any, tmp_path: Path
) -> None:
    assert len(VERIFIER.read_text().splitlines()) <= 80
    kept, mine = tmp_path / "checkpoint", tmp_path / "receipt"
    async with httpx.AsyncClient(base_url=served.url) as client:
        receipts = [(await pledging.pledge(client)).json()["receipt"] for _ in range(3)]
        mine.write_text(receipts[0])
        proof = (await client.post("/api/v1/receipts", json={"receipt": receipts[-1]})).json()["proof"]
        assert proof.startswith("c2sp.org/tlog-proof@v1\nextra ")
        vkey = (await client.get("/log/world/keys")).text.splitlines()[0]
        log = f"{served.url}/log/world"

        first = await asyncio.to_thread(verify, log, vkey, "--since", str(kept), "--receipt", str(mine))
        assert (first.returncode, first.stderr) == (0, "")
        assert re.match(r"\d+ pledges stand: \d+ made, \d+ withdrawn, 0 removed\n", first.stdout)
        assert "and stands" in first.stdout

        assert (await client.post("/api/v1/withdrawals", json={"receipt": receipts[0]})).status_code == 200
        last = (await pledging.pledge(client)).json()["receipt"]
        opened = (await client.post("/api/v1/receipts", json={"receipt": last})).json()  # makes a checkpoint
        assert opened["stands"]
        next_key = verifier_key(log.partition("://")[2], SigningKey.derived(b"y" * 32).public)
        again = await asyncio.to_thread(
            verify, log, next_key, vkey, "--since", str(kept), "--receipt", str(mine)
        )
        assert (again.returncode, again.stderr) == (0, "")
        assert "and was undone" in again.stdout


@pytest.mark.parametrize("change", ["root", "size", "signature", "key"])
async def test_a_stranger_sees_a_checkpoint_that_is_not_right(
    served: Any, pledging: Any, tmp_path: Path, change: str
) -> None:
    """Somebody else's server, which repeats ours but for one thing."""
    async with httpx.AsyncClient(base_url=served.url) as client:
        receipt = (await pledging.pledge(client)).json()["receipt"]
        assert (await client.post("/api/v1/receipts", json={"receipt": receipt})).status_code == 200
        note = (await client.get("/log/world/checkpoint")).text
        vkey = (await client.get("/log/world/keys")).text.splitlines()[0]
    origin, line = note.splitlines()[0], note.splitlines()[-1]
    other = SigningKey.derived(b"x" * 32)
    if change == "key":
        vkey = verifier_key(origin, other.public)
    elif change == "signature":
        note = note.replace(line, line[:-6] + "AAAAA=")
    else:
        checkpoint = Checkpoint.read(note)
        forged = {
            "root": Checkpoint(origin, checkpoint.size, hashlib.sha256().digest()),
            "size": Checkpoint(origin, checkpoint.size - 1, checkpoint.root),
        }[change]
        note, vkey = sign(forged, [other]), verifier_key(origin, other.public)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        if target.endswith("/checkpoint"):
            body = note.encode()
        else:
            async with httpx.AsyncClient() as client:
                body = (await client.get(served.url + target)).content
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        done = await asyncio.to_thread(verify, f"http://127.0.0.1:{port}/log/world", vkey)
    assert done.returncode != 0
    assert "stand" not in done.stdout


def test_a_leaf_is_39_bytes_as_the_verifier_reads_it() -> None:
    entry = Entry("x", 20000, 7, b"c" * 32)
    assert entry.pack()[:39] == struct.pack(">cHI32s", b"x", 20000, 7, b"c" * 32)
