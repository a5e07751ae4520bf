"""One isolating run sequence of UAX #9: weak types, bracket pairs and neutrals (W1-W7, N0-N2)."""

from bisect import insort
from typing import Final

ISOLATES: Final = frozenset({"LRI", "RLI", "FSI"})
_NEUTRAL: Final = ISOLATES | {"B", "S", "WS", "ON", "PDI"}
# Opening and closing brackets in turn (BidiBrackets.txt): no library at hand knows them; a test compares.
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋\u2329\u232a❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽"
    "⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
_CANON = str.maketrans("\u2329\u232a", "\u3008\u3009")
CLOSING: Final = {
    a.translate(_CANON): b.translate(_CANON) for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
}
_CLOSERS: Final = frozenset(CLOSING.values())


def resolve_sequence(
    types: list[str], chars: list[str], marks: list[bool], level: int, sos: str, eos: str
) -> None:
    """Turns each type into L, R, EN or AN in place; `sos` and `eos` stand before and after (X10)."""
    _weak(types, sos)
    _separators(types)
    _terminators(types, sos)
    _brackets(types, chars, marks, sos, level)
    _neutral(types, sos, eos, level)


def _weak(types: list[str], sos: str) -> None:
    """Resolves marks and the numbers after Arabic letters (W1, W2)."""
    previous = strong = sos
    for i, kind in enumerate(types):
        if kind == "NSM":
            kind = "ON" if previous in ISOLATES or previous == "PDI" else previous
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        types[i] = previous = kind


def _separators(types: list[str]) -> None:
    """Joins a single separator to the numbers around it, once Arabic letters are right-to-left (W3, W4)."""
    for i, kind in enumerate(types):
        if kind == "AL":
            types[i] = "R"
        elif kind in ("ES", "CS") and 0 < i < len(types) - 1:
            left, right = types[i - 1], types[i + 1]
            if left == right and (left == "EN" or (left == "AN" and kind == "CS")):
                types[i] = left


def _terminators(types: list[str], sos: str) -> None:
    """Joins terminators to numbers, frees the rest, and finds the numbers in Latin text (W5-W7)."""
    i = 0
    while i < len(types):
        end = i + 1
        if types[i] == "ET":
            while end < len(types) and types[end] == "ET":
                end += 1
            number = "EN" in types[max(i - 1, 0) : i] + types[end : end + 1]
            types[i:end] = ["EN" if number else "ON"] * (end - i)
        elif types[i] in ("ES", "CS"):
            types[i] = "ON"
        i = end
    strong = sos
    for i, kind in enumerate(types):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            types[i] = "L"


def _brackets(types: list[str], chars: list[str], marks: list[bool], sos: str, level: int) -> None:
    """Resolves bracket pairs, and the marks on them (N0, BD16)."""
    embedding, opposite = ("R", "L") if level & 1 else ("L", "R")
    last, seen = sos, 0
    for opening, closing in _pairs(types, chars):
        for i in range(seen, opening):
            last = _strong(types[i]) or last
        seen = opening
        inside = {_strong(kind) for kind in types[opening + 1 : closing]}
        if embedding in inside:
            found = embedding
        elif opposite in inside:
            found = opposite if last == opposite else embedding
        else:
            continue
        for bracket in (opening, closing):
            types[bracket] = found
            for i in range(bracket + 1, len(types)):
                if not marks[i]:
                    break
                types[i] = found


def _pairs(types: list[str], chars: list[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for i, char in enumerate(chars):
        if types[i] != "ON":
            continue
        char = char.translate(_CANON)
        if char in CLOSING:
            if len(stack) == 63:
                return []
            stack.append((CLOSING[char], i))
        elif char in _CLOSERS:
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == char:
                    insort(pairs, (stack[depth][1], i))
                    del stack[depth:]
                    break
    return pairs


def _strong(kind: str) -> str | None:
    if kind in ("EN", "AN"):
        return "R"
    return kind if kind in ("L", "R") else None


def _neutral(types: list[str], sos: str, eos: str, level: int) -> None:
    """Resolves neutrals and isolate controls (N1, N2)."""
    embedding = "R" if level & 1 else "L"
    i, left = 0, sos
    while i < len(types):
        if types[i] not in _NEUTRAL:
            left = _strong(types[i]) or left
            i += 1
            continue
        end = i
        while end < len(types) and types[end] in _NEUTRAL:
            end += 1
        right = (_strong(types[end]) if end < len(types) else eos) or embedding
        types[i:end] = [left if left == right else embedding] * (end - i)
        i = end
