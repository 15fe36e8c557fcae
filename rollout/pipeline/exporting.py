"""What leaves the programme in a format of its own: workbooks, calendars, lists for issue trackers, diagrams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rollout.model.ahead import ALONG
from rollout.pipeline.asking import loads_of
from rollout.pipeline.following import standing_of
from rollout.pipeline.loading import pick, site_of, sound, with_day

if TYPE_CHECKING:
    from rollout.model.issues import Issues
    from rollout.model.table import Table


def plan_workbook(root: Path, as_of: date, plan_id: str | None = None, within: int = ALONG) -> bytes:
    """The plan as an .xlsx workbook whose sheet of sites can be imported again; due within so many days of `as_of`.

    Raises RolloutError where there are no dates yet (1), or without the extra that writes workbooks (3).
    """
    from datetime import timedelta

    from rollout.render.book import book_file
    from rollout.render.plan_book import plan_book
    from rollout.track.due import Wanted, due

    _, standing = standing_of(root, as_of, plan_id)
    found = due(standing, as_of, Wanted(within=timedelta(days=within)))
    loads = loads_of(standing.programme, standing.folder, standing.schedule, by="week")
    return book_file(plan_book(standing, found, loads))


def export_workbook(
    root: Path, as_of: date, site_id: str, out: Path, plan_id: str | None = None, *, force: bool = False
) -> int:
    """A site's checklist in an .xlsx file that comes back as records; the number of its items.

    Raises RolloutError where it has no day yet, or another file is there (1).
    """
    from rollout.render.workbook import checklist_of, workbook
    from rollout.track.standing import stand

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    site = site_of(loaded, folder, site_id)
    checklist = checklist_of(stand(loaded.programme, folder, with_day(folder, site)), site)
    write_export(out, workbook(checklist), replace=force)
    return len(checklist.rows)


def plan_calendar(root: Path, as_of: date, plan_id: str | None = None, within: int = ALONG) -> bytes:
    """The plan as an iCalendar file: go-lives, gates, blackouts, and what is due within so many days of `as_of`.

    Raises RolloutError where there are no dates yet (1), or without the extra that writes calendars (3).
    """
    from datetime import timedelta

    from rollout.load.date_history import moves
    from rollout.render.plan_ics import plan_calendar
    from rollout.track.due import Wanted, due

    _, standing = standing_of(root, as_of, plan_id)
    found = due(standing, as_of, Wanted(within=timedelta(days=within)))
    return plan_calendar(standing, found, moves(root, standing.folder.id, standing.schedule))


def tables_workbook(tables: Sequence[Table], said: Sequence[str] = ()) -> bytes:
    """Tables as an .xlsx workbook, one a sheet, and what was said beside them. RolloutError (3) without the extra."""
    from rollout.model.book import book_of
    from rollout.render.book import book_file

    return book_file(book_of(tables, said))


def issues(
    root: Path, as_of: date, plan_id: str | None = None, *, site: str | None = None, everything: bool = False
) -> Issues:
    """The open work at the sites as issues for a tracker; with `everything` what is done too.

    Raises RolloutError where there are no dates yet, or no such site (1).
    """
    from rollout.render.issues import issues_of

    loaded, standing = standing_of(root, as_of, plan_id)
    sites = None if site is None else {site_of(loaded, standing.folder, site)}
    return issues_of(standing, sites, everything=everything)


def diagram(root: Path, as_of: date, what: Literal["gantt", "graph"], plan_id: str | None = None) -> tuple[str, bool]:
    """The plan as Mermaid text, and whether all of it fits what git hosts draw. RolloutError without dates (1)."""
    from rollout.render import mermaid

    _, standing = standing_of(root, as_of, plan_id)
    return mermaid.gantt(standing) if what == "gantt" else mermaid.graph(standing)


def write_export(out: Path, data: bytes, *, replace: bool = False) -> None:
    """Write an exported file, whole or not at all. Raises RolloutError where another one is there (1)."""
    from rollout.commit.write import write_file

    write_file(out, data, replace=replace)
