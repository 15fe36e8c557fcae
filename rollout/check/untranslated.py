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
from rollout.model.language import catalogue_for, english_name
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "untranslated"
_NAMED_TEXT = 60


def check(subject: Subject) -> Iterator[Problem]:
    """A warning a language, at the first site or plan that asks for it, and one a catalogue with gaps."""
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
    hint = "add templates/locales/{}/LC_MESSAGES/documents.po, or leave it: those pages say so and are in English"
    for language, places in sorted(asked.items()):
        if catalogue_for(language, programme.catalogues) is None:
            others = len(places) - 1
            more = f" (and {others} more site{'s' * (others != 1)})" if others else ""
            said = f"nobody has translated pages into {english_name(language)}{more}"
            yield places[0].warning(CODE, said, hint.format(language.replace("-", "_")))
    for path, missing in sorted(programme.missing_texts.items()):
        said = f'{len(missing)} texts are not translated, the first is "{missing[0][:_NAMED_TEXT]}"'
        hint = "they stay English, and pages say so"
        yield Problem(path=path, line=1, column=1, code=CODE, message=said, hint=hint, severity="warning")
