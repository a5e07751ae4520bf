"""Old entries in a bucket of a real S3 server (moto's, as a process that checks keys), whatever it does."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import boto3
import httpx
import pytest
from redis.asyncio import Redis

from badge.pledges import Archive, Auditor, Ledger, Pledge, PublicLog, Source
from badge.settings import SettingsError, read_settings
from badge.store import StoreError, Stores
from badge.store.bucket import Bucket, BucketAddress
from tests.conftest import free_port

COUNT = 4200  # a block of 4,096 and the beginning of another
_OPEN_CALLS = 4  # what is called below before the server asks for keys


class S3Server:
    """moto's server as a process, a bucket in it, and the one key that opens it."""

    def __init__(self) -> None:
        self.port = free_port()
        endpoint = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("moto_server")), "-p", str(self.port)],
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(_OPEN_CALLS)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self._is_up():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        anyone = {"aws_access_key_id": "-", "aws_secret_access_key": "-", "endpoint_url": endpoint}
        iam = boto3.client("iam", region_name="us-east-1", **anyone)
        iam.create_user(UserName="blueheart")
        policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
        iam.put_user_policy(UserName="blueheart", PolicyName="all", PolicyDocument=policy)
        made = iam.create_access_key(UserName="blueheart")["AccessKey"]
        boto3.client("s3", region_name="us-east-1", **anyone).create_bucket(Bucket="pledges")
        self.address = BucketAddress(
            "pledges", "archive/of-us", endpoint, "us-east-1", made["AccessKeyId"], made["SecretAccessKey"]
        )

    def _is_up(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/moto-api/").status_code < 500
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.process.kill()
    server.process.wait()


@pytest.fixture
async def slug(stores: Stores) -> str:
    """A campaign with a signed block of old pledges."""
    slug = f"c-{secrets.token_hex(6)}"
    ledger, pledge = Ledger(stores.pledges), Pledge(slug, Source.API, "BE", "nl")
    for _ in range(6):
        await asyncio.gather(*(ledger.pledge(pledge, str(uuid.uuid4())) for _ in range(COUNT // 6)))
    await PublicLog(stores.pledges, stores.log, origin="https://a").checkpoint(slug)
    return slug


@asynccontextmanager
async def lying(port: int) -> AsyncIterator[str]:
    """A gateway before the server that flips a bit of every large answer."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, lies: bool) -> None:
        while data := await reader.read(2**16):
            last = data[-1] ^ 1 if lies and len(data) > 2**13 else data[-1]
            writer.write(data[:-1] + bytes([last]))
            await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, there[1], lies=False), pump(there[0], writer, lies=True))

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_nothing_leaves_memory_until_the_bucket_has_it_whole_and_then_nobody_can_tell(
    stores: Stores, data: Redis, s3: S3Server, slug: str
) -> None:
    def archive(address: BucketAddress) -> Archive:
        return Archive(stores.pledges, stores.log, Bucket(address, timeout_s=0.5), old_days=0)

    whole = await stores.pledges.read(slug, 0, 4096)
    wrong_key = replace(s3.address, secret="x" * 40)
    elsewhere = replace(s3.address, bucket="no-such-bucket")
    away = replace(s3.address, endpoint=f"http://127.0.0.1:{free_port()}")
    for address in (wrong_key, elsewhere, away):
        with pytest.raises(StoreError, match="bucket"):
            await archive(address).move(slug)
    s3.process.send_signal(signal.SIGSTOP)
    with pytest.raises(StoreError, match="bucket"):
        await archive(s3.address).move(slug)
    s3.process.send_signal(signal.SIGCONT)
    async with lying(s3.port) as endpoint:
        with pytest.raises(StoreError, match="file"):
            await archive(replace(s3.address, endpoint=endpoint)).move(slug)
    assert await stores.pledges.archived(slug) == 0
    assert await stores.pledges.read(slug, 0, 4096) == whole

    kept = archive(s3.address)
    assert await kept.move(slug) == 1
    assert await stores.pledges.read(slug, 0, 4096) == (b"", b"")
    assert await kept.read(slug, 0, 4096) == whole
    assert len([key async for key in data.scan_iter(f"bh:{{{slug}}}:log:*", count=10_000)]) == 1
    auditor = Auditor(stores.pledges, stores.log, stores.audit, read=kept.read)
    assert (await auditor.audit(slug)).differences == ()
    for address in (wrong_key, elsewhere, away):
        with pytest.raises(StoreError):
            await Auditor(stores.pledges, stores.log, stores.audit, read=archive(address).read).audit(slug)

    half = (whole[0] + whole[1])[: 2**17]
    await Bucket(s3.address).write(slug, 0, half)  # somebody else's hand
    with pytest.raises(StoreError, match="not whole"):
        await kept.read(slug, 0, 4096)
    assert await Bucket(s3.address).read(slug, 7) is None


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"DIR": "s3://"}, "s3://bucket/prefix"),
        ({"DIR": "s3://key:secret@bucket"}, "s3://bucket/prefix"),
        ({"DIR": "s3://bucket?region=eu"}, "s3://bucket/prefix"),
        ({"DIR": "s3://bucket", "KEY_ID": "a"}, "BLUEHEART_ARCHIVE_SECRET"),
        ({"DIR": "s3://bucket", "ENDPOINT": "storage.example.org"}, "https://storage"),
    ],
)
def test_an_address_that_cannot_be_one_says_what_would_be_right(settings: dict[str, str], says: str) -> None:
    from badge.app import create_app

    environ = {f"BLUEHEART_ARCHIVE_{name}": value for name, value in settings.items()}
    with pytest.raises(SettingsError, match=says):
        create_app(read_settings(environ))


def test_a_secret_comes_from_a_file_and_is_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("very-secret\n")
    settings = read_settings({"BLUEHEART_ARCHIVE_SECRET_FILE": str(tmp_path / "secret")})
    address = BucketAddress.read("s3://b/p/q", key_id="id", secret=settings.archive_secret)
    assert address == BucketAddress("b", "p/q", "", "", "id", "very-secret")
    assert "very-secret" not in f"{settings!r}{address!r}"
