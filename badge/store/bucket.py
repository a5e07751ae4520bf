"""Blocks of old entries as objects of an S3-compatible bucket, by obstore (the extra `s3`)."""

import importlib.util
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from badge.store.blocks import Blocks, Folder, block_name
from badge.store.lane import StoreError

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

_RETRIES = 1
_SCHEME = "s3://"


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where a bucket is: without an endpoint at AWS, without a key as the machine's own role."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)

    @classmethod
    def read(
        cls, url: str, *, endpoint: str = "", region: str = "", key_id: str = "", secret: str = ""
    ) -> "BucketAddress":
        """Reads s3://bucket/prefix; raises ValueError that says what would be right."""
        parts = urlsplit(url)
        if not parts.hostname or parts.netloc != parts.hostname or parts.query or parts.fragment:
            raise ValueError(
                "write a bucket as s3://bucket/prefix, its key and endpoint as settings of their own"
            )
        if bool(key_id) != bool(secret):
            raise ValueError(
                "a key has two parts: set both BLUEHEART_ARCHIVE_KEY_ID and BLUEHEART_ARCHIVE_SECRET"
            )
        if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
            raise ValueError("BLUEHEART_ARCHIVE_ENDPOINT is written as https://storage.example.org")
        if importlib.util.find_spec("obstore") is None:
            raise ValueError("a bucket needs a library: pip install 'blue-heart[s3]'")
        return cls(parts.hostname, parts.path.strip("/"), endpoint, region, key_id, secret)


class Bucket:
    """Blocks as objects of a bucket; an object is there whole or not at all. Raises StoreError."""

    def __init__(self, address: BucketAddress, *, timeout_s: float = 4.0) -> None:
        self._address = address
        # A withdrawal of an old pledge waits for this twice, and its request has 15 s.
        self._timeout = timedelta(seconds=timeout_s)
        self._opened: S3Store | None = None

    async def read(self, slug: str, block: int) -> bytes | None:
        """Returns a block, None where it (or its bucket) is not there."""
        from obstore.exceptions import BaseError

        try:
            answer = await self._store().get_async(block_name(slug, block))
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError, ValueError) as error:
            raise _away(error) from error

    async def write(self, slug: str, block: int, content: bytes) -> bytes | None:
        """Puts a block in one request and asks for it again: what left memory must be what comes back."""
        from obstore.exceptions import BaseError

        try:
            await self._store().put_async(block_name(slug, block), content, use_multipart=False)
        except (BaseError, OSError, ValueError) as error:
            raise _away(error) from error
        return await self.read(slug, block)

    def _store(self) -> "S3Store":
        # Not before a worker needs it: the library's threads would not outlive a fork.
        if self._opened is None:
            from obstore.store import S3Store

            where = self._address
            config: S3Config = {"region": where.region} if where.region else {}
            if where.key_id:
                config |= {"access_key_id": where.key_id, "secret_access_key": where.secret}
            if where.endpoint:
                config["endpoint"] = where.endpoint
            self._opened = S3Store(
                where.bucket,
                prefix=where.prefix or None,
                config=config,
                client_options={
                    "timeout": self._timeout,
                    "connect_timeout": self._timeout,
                    "allow_http": where.endpoint.startswith("http://"),
                },
                retry_config={"max_retries": _RETRIES, "retry_timeout": self._timeout},
            )
        return self._opened


def open_blocks(where: str, **credentials: str) -> Blocks | None:
    """Opens the bucket or the folder that a setting names, None for ""; raises as BucketAddress.read()."""
    if where.startswith(_SCHEME):
        return Bucket(BucketAddress.read(where, **credentials))
    return Folder(Path(where)) if where else None


def _away(error: Exception) -> StoreError:
    # The library's message holds addresses and whole answers: its kind is enough, and names no key.
    return StoreError(f"the archive's bucket cannot be used now ({type(error).__name__})")
