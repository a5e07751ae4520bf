"""Nothing about who pledged is kept: 200 pledges from known addresses and browsers, then all bytes searched.

PRIVACY_PLEDGES=1000 makes more of them, and PRIVACY_NETWORKS=all tries each of the 16.7 million /24 networks,
on every core: the two take half a minute.
"""

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import starmap
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from badge.limits import network
from tests.conftest import Pledging, Served

PLEDGES = int(os.environ.get("PRIVACY_PLEDGES", "200"))
EVERY_NETWORK = os.environ.get("PRIVACY_NETWORKS") == "all"
PERSONAL = re.compile(rb"203(?:\.\d{1,3}){3}(?:/24)?|PrivacyBrowser[^)]*\)")
DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
_ENDS = [b"%d.0/24" % third for third in range(256)]
SALT = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def address_of(n: int) -> str:
    return f"203.{n // 200 % 250}.{n % 200 + 20}.{n % 100 + 101}"


def browser_of(n: int) -> str:
    return f"PrivacyBrowser/{n}.{n * 7919 % 10_007} (a device of nobody {n})"


@pytest.fixture(scope="module")
def pledged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("p")
    served = Served(
        folder, pledge_cost="1", pledge_attempts="1", pledge_limit="1000/day", trusted_proxies="127.0.0.1"
    ).wait_ready()
    with httpx.Client(base_url=served.url) as client:
        for n in range(PLEDGES):
            client.headers.update({"X-Forwarded-For": address_of(n), "User-Agent": browser_of(n)})
            challenge = client.get("/api/v1/challenge?campaign=world").json()
            body = {"campaign": "world", "source": "api", "solution": Pledging.solve(challenge)}
            answer = client.post("/api/v1/pledges", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
            assert answer.status_code == 201, answer.text
    yield served
    served.stop()


def memory_of(served: Served, role: str) -> bytes:
    """Every value of a store, as it would write it, and the pages of its process where the kernel lets us."""
    found = bytearray()
    url = getattr(served.store.endpoints, role)
    with Redis.from_url(url, protocol=2) as client:
        for key in client.scan_iter():
            found += key + (client.dump(key) or b"")
            if client.type(key) == b"string":
                found += client.get(key)
    pid = served.store.pid(role)
    assert pid is not None
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights, *_ = line.split()
                first, last = (int(end, 16) for end in span.split("-"))
                if rights.startswith("rw") and last - first < 2**28:
                    memory.seek(first)
                    found += memory.read(last - first)
    except OSError:  # the kernel lets nobody look into another process (yama): the values are searched still
        assert os.geteuid() != 0
    return bytes(found)


def disk_of(served: Served) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(served.data_dir.rglob("*")) if path.is_file())


@pytest.fixture(scope="module")
def kept(pledged: Served) -> dict[str, bytes]:
    return {"memory": memory_of(pledged, "data"), "disk": disk_of(pledged)}


@pytest.fixture(scope="module")
def salt(pledged: Served) -> bytes:
    with Redis.from_url(pledged.store.endpoints.cache, protocol=2) as client:
        found = [client.get(key) for key in client.scan_iter("*salt*")]
    assert len(found) == 1
    return bytes(found[0])


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_no_address_and_no_browser_is_kept(kept: dict[str, bytes], where: str) -> None:
    held = kept[where]
    assert len(held) > 40 * PLEDGES  # the pledges themselves are there
    known = {address_of(n).encode() for n in range(PLEDGES)}
    known |= {browser_of(n).encode() for n in range(PLEDGES)}
    known |= {network(address_of(n)).encode() for n in range(PLEDGES)}
    assert known.isdisjoint(PERSONAL.findall(held))


@pytest.mark.parametrize("where", ["memory", "disk"])
def test_the_salt_of_the_day_is_not_beside_the_pledges(
    kept: dict[str, bytes], salt: bytes, where: str
) -> None:
    assert salt not in kept[where]
    assert bytes.fromhex(salt.decode()) not in kept[where]


def known_networks() -> set[bytes]:
    return {network(address_of(n)).encode() for n in range(PLEDGES)}


def networks_under(salt: bytes, digests: frozenset[bytes], first: int) -> set[bytes]:
    """Which /24 networks of the addresses that begin with one number have their digest among those found."""
    found = set()
    for second in range(256) if digests else ():
        begun = hashlib.sha256(salt + b"%d.%d." % (first, second))
        for end in _ENDS:
            hashed = begun.copy()
            hashed.update(end)
            if hashed.digest()[:12] in digests:
                found.add(b"%d.%d." % (first, second) + end)
    return found


def search(salts: set[bytes], digests: frozenset[bytes]) -> set[bytes]:
    """Which networks are kept under any of the salts, of all 16.7 million or of 203./8 alone."""
    firsts = range(256) if EVERY_NETWORK else [203]
    tries = [(salt, digests, first) for salt in salts for first in firsts]
    if not EVERY_NETWORK:
        return set().union(*starmap(networks_under, tries))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as cores:
        return set().union(*cores.map(networks_under, *zip(*tries, strict=True), chunksize=16))


def test_no_network_is_kept_under_any_salt(pledged: Served, kept: dict[str, bytes], salt: bytes) -> None:
    """The control is the cache store: there the digests are, for a day, and beside the pledges never."""
    assert search({salt}, digests_in(memory_of(pledged, "cache"))) >= known_networks()
    held = b"\n".join(kept.values())
    salts = {salt, *SALT.findall(held)}
    # Most are nonces of proofs. Of one that was freed the allocator writes over the first eight bytes.
    freed = {bytes.fromhex(one[8:].decode()) for one in salts}
    digests = digests_in(held) - freed
    assert search(salts, digests) == set()
    print(f"\n{len(salts)} salts, {len(digests)} digests, every network: {EVERY_NETWORK}")


def digests_in(held: bytes) -> frozenset[bytes]:
    return frozenset(bytes.fromhex(one.decode()) for one in DIGEST.findall(held))


def test_the_log_names_nobody(pledged: Any) -> None:
    said = (pledged.data_dir / "serve.log").read_bytes()
    assert b'"status":201' in said
    assert b"203." not in said
    assert b"PrivacyBrowser" not in said
