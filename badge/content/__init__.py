"""The sourced content: what we say in each language, where people find help."""

from badge.content.helplines import Helpline, load_helplines
from badge.content.milestones import milestone_numbers, reached
from badge.content.refused import RefusedWords, load_refused
from badge.content.statistics import Statistic, load_statistics
from badge.content.strings import HAN_FORMS, LANGUAGES, Language, Strings, canonical_lang, load_strings
from badge.content.world import load_world_names
from badge.content.world_day import days_in, days_to_world_day

__all__ = [
    "HAN_FORMS",
    "LANGUAGES",
    "Helpline",
    "Language",
    "RefusedWords",
    "Statistic",
    "Strings",
    "canonical_lang",
    "days_in",
    "days_to_world_day",
    "load_helplines",
    "load_refused",
    "load_statistics",
    "load_strings",
    "load_world_names",
    "milestone_numbers",
    "reached",
]
