"""What a picture says: a manifest's `{words}` filled from the visitor's texts and the language."""

from collections.abc import Container, Mapping

from badge.catalogue import RenderSpec, split_sentence
from badge.content import Language
from badge.text import initials

SENTENCES = frozenset(
    {"i_wear", "wears", "stop_trafficking", "i_pledge", "world_day", "day", "campaign_name"}
)


def vocabulary(spec: RenderSpec, language: Language, wanted: Container[str]) -> Mapping[str, str]:
    """Returns what a manifest says: fields, sentences, `name_wears`, `pledges`, and `initials` if wanted."""
    words = {name: getattr(language, name) for name in SENTENCES}
    words.update(spec.texts)
    if name := words.get("name"):
        words["name_wears"] = language.ui["wears"].replace("{name}", name)
        if "initials" in wanted:
            words["initials"] = initials(name)
    for _, count in spec.live:
        words["pledges"] = language.count_pledges(count)
    return words


def say(sentence: str, words: Mapping[str, str]) -> str:
    """Returns the sentence with each `{word}` replaced; an absent optional field says nothing."""
    pieces = split_sentence(sentence)
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:
        return words.get(pieces[1], "")
    return "".join([words.get(piece, "") if i % 2 else piece for i, piece in enumerate(pieces)])
