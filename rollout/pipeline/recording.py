"""What happened → lines of records files: typed, or in a workbook that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollout.model.record import PROGRAMME, MilestoneRecord, Record
from rollout.pipeline.loading import Loaded, alone, load, pick, repository_of, site_of
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.imported import Dates
    from rollout.model.programme import PlanFolder
    from rollout.model.recorded import Recorded, RecordKinds

_REFUSED = (
    "unknown-activity",
    "illegal-status",
    "unknown-gate",
    "unknown-budget-line",
    "late-baseline",
    "unknown-approver",
)
"""Warnings about a hand-written line that a line yet to be written does not get past."""
_REMEDIES = {"unknown-lesson": 'say it behind its name: rollout record SITE lesson NAME "WHAT TO DO"'}
"""What to type, where the rule's own hint is about the line of a file."""


def whoami(root: Path) -> str | None:
    """The user's name as git knows it; None where git does not know, or the folder is in no repository."""
    repository = repository_of(root)
    return repository.user() if repository else None


def record_kinds() -> RecordKinds:
    """Every kind of record and how it is typed."""
    from rollout.load.words import overview
    from rollout.model.recorded import RecordKinds

    return RecordKinds(overview())


def record(
    root: Path,
    words: Sequence[str],
    said: Mapping[str, str],
    as_of: date,
    plan_id: str | None = None,
    *,
    user: str | None = None,
    dry_run: bool = False,
) -> Recorded:
    """One record from the words of a command line, judged and written.

    The first word is the site, or `_plan`. `said` holds on, by and because as far as given; else the day is `as_of`
    and the name `user`. Raises RolloutError, with nothing written, for whatever the rules refuse.
    """
    from rollout.load.words import read_words, typed_fields
    from rollout.model.record import KINDS

    with alone(root, dry_run=dry_run):
        loaded = load(root)
        folder = _folder(loaded, plan_id)
        subject = _subject(loaded, folder, words[0] if words else "")
        kind, entry = read_words(words[1:], [activity.id for activity in folder.plan.activities])
        for key, value in said.items():
            if entry.setdefault(key, value) != value:
                raise RolloutError(Problem(path="", code="wrong-record", message=f"`{key}` is given twice"))
        entry.setdefault("on", as_of.isoformat())
        if user is not None and entry.setdefault("by", user) != user and "recorded_by" in typed_fields(KINDS[kind]):
            entry.setdefault("recorded_by", user)
        for key in ("on", "by", "because"):  # last on the line, as people write them
            if key in entry:
                entry[key] = entry.pop(key)
        notes: tuple[str, ...] = ()
        if kind == "approval" and subject == PROGRAMME:
            entry, notes = _bound(loaded, folder, entry)
        return _add(loaded, folder, [(subject, kind, entry)], as_of, notes=notes, dry_run=dry_run)


def _bound(loaded: Loaded, folder: PlanFolder, entry: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """An approval with what it binds, as of its own day: nobody types a digest."""
    from rollout.load.recording import built
    from rollout.pipeline.deciding import bound

    day = built("approval", entry).on
    entry = bound(loaded, folder, entry, day)
    if not entry.get("sites"):
        return entry, ("it covers no site: there is none that the gate decides about now",)
    return {**{k: v for k, v in entry.items() if k != "sites"}, "sites": entry["sites"]}, ()


def _add(
    loaded: Loaded,
    folder: PlanFolder,
    entries: Sequence[tuple[str, str, Mapping[str, Any]]],
    as_of: date,
    *,
    notes: Sequence[str] = (),
    dry_run: bool = False,
) -> Recorded:
    """Records of (site or `_plan`, kind) judged together, and written if nothing is wrong with any of them.

    Who calls it has read the files and holds the lock since, or a line of somebody else's might be lost.
    """
    from rollout.check import check_records
    from rollout.commit.write import write
    from rollout.load.recording import add_records, built
    from rollout.model.recorded import Recorded

    _readable(loaded, folder, {subject for subject, _, _ in entries})
    records, changes = add_records(loaded.workspace, folder.id, [(subject, entry) for subject, _, entry in entries])
    new = [
        (subject, built(kind, entry))
        for (subject, kind, entry), found in zip(entries, records, strict=True)
        if found.is_new
    ]
    _refuse_to_come(new, as_of)
    known = set(check_records(loaded.programme, as_of))
    programme = replace(loaded.programme, plans={**loaded.programme.plans, folder.id: _with(folder, new)})
    found = loaded.placed([p for p in check_records(programme, as_of) if p not in known])
    wrong = [problem for problem in found if problem.severity == "error" or problem.code in _REFUSED]
    if wrong:
        raise RolloutError(*(replace(p, severity="error", hint=_REMEDIES.get(p.code, p.hint)) for p in wrong))
    if not dry_run:
        write(loaded.workspace.root, changes)
    return Recorded(records=tuple(records), changes=tuple(changes), warnings=found, notes=tuple(notes))


def _refuse_to_come(new: Sequence[tuple[str, Record]], as_of: date) -> None:
    """Raises RolloutError for a milestone of a day to come: typed for a forecast, it would make the site live."""
    hint = "`--on` is the day it happened; the day it is expected on is `rollout record SITE forecast DAY`"
    for _, record in new:
        if isinstance(record, MilestoneRecord) and record.on > as_of:
            said = f"{record.milestone} on {record.on} is still to come on {as_of}, and records tell what has happened"
            raise RolloutError(Problem(path="", code="future-record", message=said, hint=hint))


def import_workbook(
    root: Path, sheet: Path, on: date, *, by: str | None = None, dates: Dates = "iso", dry_run: bool = False
) -> Recorded | None:
    """The records that the changed rows of a workbook come to, written; None where the file is no workbook of ours.

    `on` and `by` (else the name git knows) stand where a row leaves them blank. All or nothing: RolloutError with
    every cell that is wrong, by row and column.
    """
    from rollout.load.workbook import read_workbook, records_of
    from rollout.model.agenda import activities_at
    from rollout.model.recorded import Recorded

    book = read_workbook(sheet)
    if book is None:
        return None
    with alone(root, dry_run=dry_run):
        loaded = load(root)
        folder = _folder(loaded, book.plan)
        site = _subject(loaded, folder, book.site)
        _readable(loaded, folder, {site})
        if site not in loaded.programme.sites:
            raise RolloutError(*loaded.placed(loaded.problems))
        items = [activity.id for activity in activities_at(folder.plan, loaded.programme.sites[site])]
        facts = folder.facts_of(site)
        found = records_of(book, facts, items, on, by or whoami(root) or "", dates)
        if found.problems:
            raise RolloutError(*sorted(found.problems))
        if not found.entries:
            return Recorded(records=(), changes=(), notes=tuple(found.notes))
        entries = [(site, kind, entry) for kind, entry in found.entries]
        return _add(loaded, folder, entries, on, notes=found.notes, dry_run=dry_run)


def _folder(loaded: Loaded, plan_id: str | None) -> PlanFolder:
    """The plan asked for; where its own file is wrong, that is what is said."""
    try:
        return pick(loaded.programme, plan_id)
    except RolloutError:
        wrong = [p for p in loaded.problems if p.severity == "error" and p.path.endswith("/plan.yaml")]
        if wrong:
            raise RolloutError(*loaded.placed(wrong)) from None
        raise


def _with(folder: PlanFolder, new: Sequence[tuple[str, Record]]) -> PlanFolder:
    records = dict(folder.records)
    for subject, one in new:
        records[subject] = (*records.get(subject, ()), one)
    return replace(folder, records=records)


def _subject(loaded: Loaded, folder: PlanFolder, name: str) -> str:
    """Whom a record is about: the whole plan, or a site of it, its file broken or not."""
    if not name:
        hint = "sites are the files below sites/; --plan-level is for the whole plan"
        raise RolloutError(Problem(path="", code="unknown-site", message="name a site", hint=hint))
    if name == PROGRAMME or name in loaded.programme.broken_sites - loaded.programme.sites.keys():
        return name
    return site_of(loaded, folder, name)


def _readable(loaded: Loaded, folder: PlanFolder, subjects: set[str]) -> None:
    """Raises RolloutError when a file that is to be added to cannot be understood."""
    files = {folder.layout.records_of(subject) for subject in subjects}
    wrong = [p for p in loaded.problems if p.path in files and p.severity == "error"]
    if wrong:
        raise RolloutError(*loaded.placed(wrong))
