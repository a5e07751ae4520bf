"""The query string of a picture: bytes to names and values, with a hint for what is nearly right."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from badge.errors import BadRequest, RepeatedParameter

MAX_QUERY_BYTES = 8192
MAX_PARAMETERS = 64


def read_query(query: bytes) -> dict[str, str]:
    """Decodes `application/x-www-form-urlencoded` bytes into unique names and values (WHATWG URL, 5.1).

    Raises BadRequest where it is too long or not UTF-8, RepeatedParameter where a name comes twice.
    """
    if len(query) > MAX_QUERY_BYTES:
        raise BadRequest(f"the query is {len(query)} bytes long; at most {MAX_QUERY_BYTES} are read")
    pairs = [pair for pair in query.split(b"&") if pair]
    if len(pairs) > MAX_PARAMETERS:
        raise BadRequest(f"the query has {len(pairs)} parameters; at most {MAX_PARAMETERS} are read")
    values: dict[str, str] = {}
    for pair in pairs:
        raw_name, _, raw_value = pair.partition(b"=")
        name = _decode(raw_name, None)
        if name in values:
            raise RepeatedParameter(f"{name} is given more than once; give it once", field=name)
        values[name] = _decode(raw_value, name)
    return values


def _decode(raw: bytes, name: str | None) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        what = f"the value of {name}" if name else "a parameter's name"
        raise BadRequest(f"{what} is not UTF-8 (percent-encode it as UTF-8)", field=name) from None


def near(word: str, known: Iterable[str]) -> str | None:
    """Returns the known name that `word` most likely means: one slip away, or the same but for case."""
    lowered = word.lower()
    for name in known:
        slips = 1 if len(name) < 7 else 2
        if len(name) >= 4 and _distance(lowered, name, slips) <= slips:
            return name
    return None


def _distance(a: str, b: str, bound: int) -> int:
    """Returns the optimal string alignment distance of two short words, or `bound` + 1 where it is more."""
    if abs(len(a) - len(b)) > bound:
        return bound + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y)))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
