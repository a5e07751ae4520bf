"""The sourced content: what we say in each language, where people find help."""

from badge.content.helplines import Helpline, load_helplines
from badge.content.refused import RefusedWords, load_refused
from badge.content.strings import LANGUAGES, Language, Strings, load_strings

__all__ = [
    "LANGUAGES",
    "Helpline",
    "Language",
    "RefusedWords",
    "Strings",
    "load_helplines",
    "load_refused",
    "load_strings",
]
