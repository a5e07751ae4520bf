"""What a picture says: a manifest's `{words}` filled from the visitor's texts and the language."""

from collections.abc import Mapping

from badge.catalogue import Manifest, RenderSpec, Template, split_sentence
from badge.catalogue.fields import DayField, RecordField, TimeField, ZoneField
from badge.content import reached
from badge.render.kit import Kit
from badge.render.moment import say_city, say_day, say_time
from badge.text import initials

SENTENCES = frozenset(
    {"i_wear", "wears", "stop_trafficking", "i_pledge", "world_day", "day", "campaign_name"}
    | {"thanks", "for_wearing", "in_english"}
)
_MOMENTS = frozenset({DayField, TimeField, ZoneField})
_JOINTS = (" · ", ": ")


def vocabulary(spec: RenderSpec, template: Template, kit: Kit) -> Mapping[str, str]:
    """Returns what a template says: its fields, our sentences, and what follows from them."""
    language = kit.strings.lang(spec.lang)
    words = {name: getattr(language, name) for name in SENTENCES}
    words.update(spec.values)
    if not _MOMENTS.isdisjoint(template.asks):
        words.update(_moments(words, template.manifest, language.lang))
    if RecordField in template.asks:
        words.update(_records(spec, template.manifest, kit))
    if name := words.get("name"):
        words["name_wears"] = language.ui["wears"].replace("{name}", name)
        if "initials" in template.words:
            words["initials"] = initials(name)
    for number, value in spec.live:
        if number == "count":
            words["pledges"] = language.count_pledges(value)
            words["milestone"] = language.count_pledges(reached(value))
        elif number == "days":
            words["until_the_day"] = language.count_days(value)
    return words


def _moments(words: Mapping[str, str], manifest: Manifest, lang: str) -> dict[str, str]:
    """Returns what days, times and zones say; a time is said with the template's day and zone."""
    said: dict[str, str] = {}
    day = zone = ""
    for name, field in manifest.fields.items():
        if not (value := words.get(name)):
            continue
        if isinstance(field, DayField):
            day, said[name] = value, say_day(value, lang)
        elif isinstance(field, ZoneField):
            zone, said[name] = value, say_city(value, lang)
    for name, field in manifest.fields.items():
        if isinstance(field, TimeField) and name in words:
            said[name] = say_time(words[name], zone, day, lang)
    return said


def _records(spec: RenderSpec, manifest: Manifest, kit: Kit) -> dict[str, str]:
    """Returns the sentence, the figure and the source of the statistic that a template shows."""
    for name, value in spec.values:
        if isinstance(manifest.fields[name], RecordField):
            shown = kit.statistics[value]
            source = f"{shown.publication} · {shown.period.replace('-', '–')}"
            return {"sentence": shown.sentence, "figure": shown.figure, "source": source}
    return {}


def say(sentence: str, words: Mapping[str, str]) -> str:
    """Returns the sentence with each `{word}` replaced; an absent field takes its dot or colon along."""
    for joint in _JOINTS:
        if joint in sentence:
            return joint.join([said for part in sentence.split(joint) if (said := say(part, words).strip())])
    pieces = split_sentence(sentence)
    if len(pieces) == 3 and not pieces[0] and not pieces[2]:
        return words.get(pieces[1], "")
    return "".join([words.get(piece, "") if i % 2 else piece for i, piece in enumerate(pieces)])
