"""SVG path data to cairo's own packed path (cairo_path_data_t): an outline is appended in one call."""

import re
import struct
from array import array
from functools import lru_cache

_TOKENS = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}


def _header(kind: int, length: int) -> float:
    """Packs a cairo_path_data_t header (an enum and a length, 8 bytes) into the bits of one double."""
    value: float = struct.unpack("=d", struct.pack("=ii", kind, length))[0]
    return value


_MOVE, _LINE, _CURVE, _CLOSE = _header(0, 2), _header(1, 2), _header(2, 4), _header(3, 1)


@lru_cache(maxsize=64)
def compile_path(d: str) -> "array[float] | None":
    """Returns the packed path of `d`, 16 bytes an element, or None where it holds arcs or smooth curves."""
    tokens = _TOKENS.findall(d)
    out: list[float] = []
    i, end, command = 0, len(tokens), ""
    x = y = start_x = start_y = 0.0
    while i < end:
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
        kind = command.upper()
        count = _ARGUMENTS.get(kind)
        if count is None or i + count > end:
            return None
        a = [float(t) for t in tokens[i : i + count]]
        i += count
        base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
        if kind == "Q":
            qx, qy = base_x + a[0], base_y + a[1]
            to_x, to_y = base_x + a[2], base_y + a[3]
            out += (_CURVE, 0.0, x + (qx - x) / 1.5, y + (qy - y) / 1.5)
            out += (to_x + (qx - to_x) / 1.5, to_y + (qy - to_y) / 1.5, to_x, to_y)
            x, y = to_x, to_y
        elif kind == "C":
            out += (_CURVE, 0.0, base_x + a[0], base_y + a[1], base_x + a[2], base_y + a[3])
            x, y = base_x + a[4], base_y + a[5]
            out += (x, y)
        elif kind == "Z":
            out += (_CLOSE, 0.0)
            x, y = start_x, start_y
            if i < end and not tokens[i].isalpha():
                return None
        else:
            x = base_x + a[0] if kind != "V" else x
            y = base_y + a[-1] if kind != "H" else y
            out += (_MOVE if kind == "M" else _LINE, 0.0, x, y)
            if kind == "M":
                start_x, start_y = x, y
                command = "l" if command == "m" else "L"
    return array("d", out)
