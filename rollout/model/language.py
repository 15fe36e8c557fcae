"""Languages of people and of pages: their names, their direction, and the texts somebody translated into them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Any

from rollout.model.plan import Plan
from rollout.model.site import Site

ENGLISH = "en"
"""The language templates and presets are written in; it needs no catalogue."""
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "kn": "Kannada",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mr": "Marathi",
    "ms": "Malay",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian (Nynorsk)",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "pt-BR": "Portuguese (Brazil)",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zh-TW": "Chinese (Taiwan)",
}


@dataclass(frozen=True)
class Catalogue:
    """What somebody translated into a language."""

    language: str
    """Its tag, as its folder is named: `de`, `pt-BR`."""
    compiled: bytes = b""
    """GNU gettext's binary form (.mo), which another process can be given; empty for no text at all."""
    is_partial: bool = False
    """Whether it lacks texts that rollout has; they stay English."""

    @cached_property
    def translations(self) -> NullTranslations:
        """Answers gettext, ngettext and pgettext; with the English where there is no translation."""
        return GNUTranslations(BytesIO(self.compiled)) if self.compiled else NullTranslations()

    def __reduce__(self) -> tuple[Any, ...]:
        return Catalogue, (self.language, self.compiled, self.is_partial)


def base(tag: str) -> str:
    """The language without region or script: `pt` of `pt-BR`."""
    return tag.partition("-")[0]


def english_name(tag: str) -> str:
    """What a language is called in English; the tag itself where that is not known."""
    return NAMES.get(tag) or NAMES.get(base(tag)) or tag


def is_right_to_left(tag: str) -> bool:
    """Whether it is written from right to left."""
    return base(tag) in RIGHT_TO_LEFT


def catalogue_for(tag: str, available: Collection[str]) -> str | None:
    """The catalogue that serves a language, the nearest one first; English always does without."""
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        name = "-".join(parts[:length])
        if name in available or name == ENGLISH:
            return name
    return None


def page_language(plan: Plan, site: Site, available: Collection[str]) -> str:
    """The language of a site's playbook, checklist and go/no-go page: what the plan says, else the first of the
    site's languages that has a catalogue, else English."""
    wanted: Iterable[str] = (plan.written_in,) if plan.written_in else site.languages
    return next((tag for tag in wanted if catalogue_for(tag, available)), ENGLISH)


def packet_language(tag: str, available: Collection[str]) -> str:
    """The language a training packet is written in: its own, or English where nobody has translated the texts."""
    return tag if catalogue_for(tag, available) else ENGLISH


def languages_of(plan: Plan, site: Site) -> tuple[str, ...]:
    """Every language that pages of a site are wanted in, the most wanted first."""
    wanted = (plan.written_in,) if plan.written_in else site.languages
    return tuple(dict.fromkeys((*wanted, *(site.languages if "training" in plan.documents else ()))))
