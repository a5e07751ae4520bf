"""What a picture says: a manifest's `{words}` filled from the visitor's texts and the language."""

import re
from collections.abc import Mapping

from badge.catalogue import RenderSpec
from badge.content import Language
from badge.text import initials

_WORD = re.compile(r"\{([a-z_]+)\}")
SENTENCES = ("i_wear", "wears", "stop_trafficking", "i_pledge", "world_day", "day", "campaign_name")


def vocabulary(spec: RenderSpec, language: Language) -> Mapping[str, str]:
    """Returns every word a manifest may say: fields, sentences, `initials`, `name_wears`, `pledges`."""
    words = {name: getattr(language, name) for name in SENTENCES}
    words.update(spec.texts)
    if name := words.get("name"):
        words["initials"] = initials(name)
        words["name_wears"] = language.ui["wears"].replace("{name}", name)
    for _, count in spec.live:
        words["pledges"] = language.count_pledges(count)
    return words


def say(sentence: str, words: Mapping[str, str]) -> str:
    """Returns the sentence with each `{word}` replaced; an absent optional field says nothing."""
    return _WORD.sub(lambda m: words.get(m[1], ""), sentence)


def words_of(sentence: str) -> tuple[str, ...]:
    """Returns the words that a sentence uses."""
    return tuple(_WORD.findall(sentence))
