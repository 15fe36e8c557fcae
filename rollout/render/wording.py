"""How a page says things in its language: dates, lengths of time, lists, names of roles, and every translated text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rollout.model.country import NAMES
from rollout.model.few import so_many
from rollout.model.language import ENGLISH, Catalogue, base, catalogue_for, english_name, is_right_to_left
from rollout.model.plan import Plan
from rollout.model.times import Duration, weeks
from rollout.problem import environment
from rollout.render.dates import spoken
from rollout.render.markdown import Markdown, clean, finalize

if TYPE_CHECKING:
    from babel import Locale

TEXTS = "text"
"""The message context of whole texts and words (presets, roles, phases), which hold no placeholders."""
_ACRONYMS = {
    "ai": "AI",
    "hr": "HR",
    "it": "IT",
    "ml": "ML",
    "mes": "MES",
    "erp": "ERP",
    "qa": "QA",
    "lims": "LIMS",
    "wms": "WMS",
}
_CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages whose nouns keep their capital inside a sentence."""
_RIGHT_TO_LEFT_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Figures with blanks between them, or signs at an end, change places among letters that run the other way.
_MISPLACED = re.compile(r"^\W|\W$|\d[^\w.,:/+-]+\d|\d[.,:/+-]{2,}\d")


@lru_cache(maxsize=4096)
def words(identifier: str) -> str:
    """A key or an id as words that begin with a capital: `ml_owner` is `ML owner`."""
    parts = [_ACRONYMS.get(part, part) for part in identifier.replace("_", "-").split("-") if part]
    text = " ".join(parts) or identifier
    return text[:1].upper() + text[1:]


def length(duration: Duration) -> str:
    """`25 working days`, `4 weeks`, `10 days`."""
    if duration.working:
        return so_many(duration.length, "working day")
    return weeks(duration.length)


class Wording:
    """English, in which templates and presets are written. What it returns as Markdown is escaped already."""

    language = ENGLISH
    right_to_left = False
    is_partial = False

    print: Callable[[object], str] = staticmethod(finalize)
    """What a template prints, escaped once."""

    def gettext(self, message: str, /, **values: object) -> Markdown:
        """A message of a template, its values escaped. A per cent sign in it is written twice."""
        return self._filled(message, values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> Markdown:
        """A message in the form that goes with a number (`num` in the message)."""
        return self._filled(one if number == 1 else many, {"num": number, **values})

    def _filled(self, message: str, values: dict[str, object]) -> Markdown:
        if not values:
            return _plain(message)
        shown = self.print
        for name, value in values.items():
            if type(value) is not Markdown:
                values[name] = shown(value)
        return Markdown(message % values)

    def text(self, said: str) -> str:
        """A text of a preset in this language; what people wrote themselves stays as they wrote it."""
        return said

    def words(self, identifier: str) -> str:
        """A role, a phase or an id as words that begin with a capital."""
        return words(identifier)

    def lower(self, identifier: str) -> str:
        """The same inside a sentence."""
        return _lower(self.words(identifier))

    def blocked(self, what: str) -> str:
        """What a blackout keeps from happening, inside a sentence."""
        return self.gettext("go-live") if what == "go_live" else self.lower(what)

    def day(self, day: date) -> Markdown:
        """A day with its weekday, for people who have to be there."""
        return spoken(day)

    def period(self, plan: Plan, day: date, english: str) -> str:
        """The calendar period of a wave."""
        return english

    def length(self, duration: Duration) -> str:
        """A length of time."""
        return length(duration)

    def number(self, value: float) -> str:
        """A figure."""
        return f"{value:.10g}"

    def country(self, code: str) -> str:
        """The name of a country."""
        return NAMES.get(code, code)

    def language_name(self, tag: str) -> str:
        """The name of a language."""
        return english_name(tag)

    def all_of(self, values: Iterable[object]) -> Markdown:
        """`A, B and C`."""
        return self._joined(values, " and ")

    def any_of(self, values: Iterable[object]) -> Markdown:
        """`A, B or C`."""
        return self._joined(values, " or ")

    def _joined(self, values: Iterable[object], last: str) -> Markdown:
        shown = [self.print(value) for value in values]
        return Markdown(last.join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown))


class Translated(Wording):
    """A language with a catalogue; dates, lists and names come from the Unicode locale data in Babel."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        """Raises RolloutError (exit code 3) where the extra that knows languages is not installed."""
        self.language = language
        self.right_to_left = is_right_to_left(language)
        self.is_partial = catalogue.is_partial
        self._translations = catalogue.translations
        self._locale = locale(language)
        self._days: dict[date, Markdown] = {}
        if self.right_to_left:
            # By type too: a Markdown text equals the value it may have been escaped from.
            self.print = lru_cache(maxsize=16384, typed=True)(_isolated)

    def gettext(self, message: str, /, **values: object) -> Markdown:
        """A message, translated."""
        return self._filled(self._translations.gettext(message), values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> Markdown:
        """A message in the form that goes with a number, translated."""
        return self._filled(self._translations.ngettext(one, many, number), {"num": number, **values})

    def text(self, said: str) -> str:
        """A text of a preset, translated."""
        return self._translations.pgettext(TEXTS, said)

    def words(self, identifier: str) -> str:
        """A role, a phase or an id in words, translated where the catalogue has it."""
        return self._translations.pgettext(TEXTS, words(identifier))

    def lower(self, identifier: str) -> str:
        """The same inside a sentence."""
        said = self.words(identifier)
        return said if base(self.language) in _CAPITAL_NOUNS else _lower(said)

    def day(self, day: date) -> Markdown:
        """A day with its weekday, as the language writes it."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = Markdown(self._skeleton("yMMMEd", day))
        return found

    def _skeleton(self, skeleton: str, day: date) -> str:
        from babel.dates import format_skeleton  # noqa: PLC0415 - an extra

        # Some languages' patterns hold direction marks, which would be unseen on the page.
        return clean(format_skeleton(skeleton, day, locale=self._locale))

    def period(self, plan: Plan, day: date, english: str) -> str:
        """The calendar period of a wave."""
        if plan.waves.every == "week":
            year, week, _ = day.isocalendar()
            return self.gettext("week %(week)s of %(year)s", week=week, year=year)
        if plan.waves.every == "quarter":
            return self.gettext("quarter %(quarter)s of %(year)s", quarter=(day.month + 2) // 3, year=day.year)
        return Markdown(self._skeleton("yMMMM", day))

    def length(self, duration: Duration) -> str:
        """A length of time."""
        if duration.working:
            return self.ngettext("%(num)s working day", "%(num)s working days", duration.length)
        if duration.length and duration.length % 7 == 0:
            return self.ngettext("%(num)s week", "%(num)s weeks", duration.length // 7)
        return self.ngettext("%(num)s day", "%(num)s days", duration.length)

    def number(self, value: float) -> str:
        """A figure with the language's decimal sign."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - an extra

        return clean(format_decimal(value, locale=self._locale, group_separator=False))

    def country(self, code: str) -> str:
        """The name of a country."""
        return self._locale.territories.get(code) or super().country(code)

    def language_name(self, tag: str) -> str:
        """The name of a language; where it has none here, the English one."""
        known = locale(tag)
        name = known.get_display_name(self._locale) if tag == str(known).replace("_", "-") else None
        return name or self._locale.languages.get(base(tag)) or english_name(tag)

    def all_of(self, values: Iterable[object]) -> Markdown:
        """`A, B and C`."""
        return self._listed(values, "standard")

    def any_of(self, values: Iterable[object]) -> Markdown:
        """`A, B or C`."""
        return self._listed(values, "or")

    def _listed(self, values: Iterable[object], style: str) -> Markdown:
        from babel.lists import format_list  # noqa: PLC0415 - an extra

        shown = [self.print(value) for value in values]
        return Markdown(format_list(shown, style=style, locale=self._locale))  # type: ignore[arg-type]  # two of its styles


class Wordings:
    """The wordings of a run, each made when it is first wanted."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self.catalogues = catalogues
        self._made: dict[str, Wording] = {}

    def of(self, language: str) -> Wording:
        """How to say things in a language; English where there is no catalogue for it."""
        if language not in self._made:
            name = catalogue_for(language, self.catalogues)
            found = self.catalogues.get(name or ENGLISH)
            self._made[language] = Translated(language, found) if found else self._made.get(ENGLISH) or Wording()
        return self._made[language]


@cache
def locale(tag: str) -> Locale:
    """Formats of a language and region; of the language alone, then of English, where nobody has described it.

    Raises RolloutError naming the extra where Babel is not installed (exit code 3).
    """
    try:
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - an extra, and only for other languages
    except ImportError:
        said = "pages in another language than English need an extra"
        raise environment("missing-extra", said, "pip install 'rollout[languages]'", tag) from None
    for name in (tag, base(tag)):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(ENGLISH)


@lru_cache(maxsize=4096)
def _plain(message: str) -> Markdown:
    return Markdown(message % ())


def _lower(said: str) -> str:
    """Its first letter small, unless it begins with an acronym."""
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def _isolated(value: object) -> str:
    """A printed value, set apart where its signs and figures would change places in text from right to left."""
    text = finalize(value)
    if type(value) is Markdown or _RIGHT_TO_LEFT_LETTER.search(text) or not _MISPLACED.search(text):
        return text
    # GitHub and GitLab keep `dir` on a span and drop `bdi`.
    return Markdown(f'<span dir="ltr">{text}</span>')
