"""The long form of an address, `/badge/flat/label-message-color.svg`, as shields.io reads it."""

import re
from collections.abc import Mapping, Sequence

from badge.errors import InvalidField

_PIECE = re.compile(r"--|-|[^-]+")
_EXAMPLE = "Blue_Heart-supporter-005a8c"
_UNDERSCORES = re.compile(r"__|_")


def read_path_form(said: str, names: Sequence[str]) -> Mapping[str, str]:
    """Returns the values that a path says for `names`; the first of them may be left out.

    Values are parted by `-`; within one, `--` is a dash, `__` an underscore and `_` a space (shields.io,
    static badge). Raises InvalidField that shows the form where there are too many or too few.
    """
    values = [""]
    for piece in _PIECE.findall(said):
        if piece == "-":
            values.append("")
        else:
            values[-1] += "-" if piece == "--" else piece
    if not len(names) - 1 <= len(values) <= len(names):
        says = "one value" if len(values) == 1 else f"{len(values)} values"
        raise InvalidField(
            f"the address says {says} and should say {'-'.join(names)} or {'-'.join(names[1:])}, for example"
            f" {_EXAMPLE}; a dash is written --, a space _ and an underscore __",
            field=names[-1],
        )
    spelled = [_UNDERSCORES.sub(lambda m: "_" if m[0] == "__" else " ", value) for value in values]
    return {name: value for name, value in zip(names[-len(values) :], spelled, strict=True) if value}
