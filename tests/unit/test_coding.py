import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.coding import choose, compress, is_compressible


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        (b"", ""),
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip, deflate", "gzip"),
        (b"GZIP", "gzip"),
        (b"x-gzip", "gzip"),
        (b"br;q=0.1, gzip;q=0.9", "gzip"),
        (b"br ; q=1.000 ,gzip", "br"),
        (b"br;q=0, gzip;q=0", ""),
        (b"br;q=0, *", "gzip"),
        (b"*", "br"),
        (b"*;q=0", ""),
        (b"identity", ""),
        (b"identity;q=1, gzip;q=0.5", ""),
        (b"deflate, zstd", ""),
        (b"br;q=nan, gzip;q=inf", ""),
        (b"br;q=2", ""),
        (b"gzip," + b"x" * 400, ""),
    ],
)
def test_the_client_decides(accepts: bytes, coding: str) -> None:
    assert choose(accepts) == coding


@given(st.binary(max_size=300))
def test_no_header_is_too_strange(accepts: bytes) -> None:
    assert choose(accepts) in ("", "br", "gzip")


@given(st.binary(max_size=2000))
def test_both_codings_give_the_bytes_back(body: bytes) -> None:
    assert brotli.decompress(compress(body, "br")) == body
    assert gzip.decompress(compress(body, "gzip")) == body
    assert compress(body, "") == body


def test_what_shrinks() -> None:
    for media_type in (
        "image/svg+xml; charset=utf-8",
        "text/html",
        "application/problem+json",
        "text/javascript",
    ):
        assert is_compressible(media_type)
    for media_type in ("image/png", "image/webp", "application/zip", "font/woff2", ""):
        assert not is_compressible(media_type)
