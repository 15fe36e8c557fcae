"""Somebody has translated what pages say into the languages of the sites.

Where nobody has, the page is in English and says so. rollout brings German, French, Spanish and Arabic; a programme
adds others as `templates/locales/LANGUAGE/LC_MESSAGES/documents.po`, made from the `documents.pot` that comes with
rollout. Where the whole company works in one language, the plan says `written_in: en`, and only training packets
are in the languages of those who are trained.

Bad:

    languages: [nb]

Good:

    languages: [de]
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.few import so_many
from rollout.model.language import catalogue_for, english_name
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "untranslated"
_NAMED_TEXT = 60


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for all languages nobody has translated, and one a catalogue with gaps."""
    programme = subject.programme
    asked: dict[str, list[Source]] = {}
    for folder in subject.folders:
        if folder.plan.written_in:
            asked.setdefault(folder.plan.written_in, []).append(folder.plan.source / "written_in")
    wanted = [folder.plan for folder in subject.folders if "training" in folder.plan.documents]
    wanted += [folder.plan for folder in subject.folders if not folder.plan.written_in]
    for site in programme.sites.values():
        if any(plan.covers(site) for plan in wanted):
            for language in site.languages:
                asked.setdefault(language, []).append(site.source / "languages")
    lacking = {
        language: places for language, places in asked.items() if not catalogue_for(language, programme.catalogues)
    }
    if lacking:
        # One finding for all: a programme in twenty countries has a dozen of them, and they are no news each time.
        first = min((place for places in lacking.values() for place in places), key=lambda place: place.paths)
        names = sorted(english_name(language) for language in lacking)
        said = f"nobody has translated pages into {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}"
        tags = ", ".join(sorted(language.replace("-", "_") for language in lacking))
        hint = f"add templates/locales/…/LC_MESSAGES/documents.po ({tags}), or leave it: they say so and are in English"
        yield first.warning(CODE, said, hint)
    for path, missing in sorted(programme.missing_texts.items()):
        texts = f"{so_many(len(missing), 'text')} {'is' if len(missing) == 1 else 'are'}"
        said = f'{texts} not translated, the first is "{missing[0][:_NAMED_TEXT]}"'
        hint = "they stay English, and pages say so"
        yield Problem(path=path, line=1, column=1, code=CODE, message=said, hint=hint, severity="warning")
