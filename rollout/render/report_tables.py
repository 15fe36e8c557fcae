"""The report's tables: cells with what they are sorted by, where they lead to, and the site whose row it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from rollout.model.calendar import MONTHS, spoken
from rollout.model.country import NAMES
from rollout.model.few import few, so_many
from rollout.model.load import TeamLoad
from rollout.model.readiness import Readiness
from rollout.model.report import OUT, Report, SiteLine, TieKind
from rollout.model.schedule import wave_name
from rollout.model.stated import WORST, Colour
from rollout.model.table import Table
from rollout.render.markdown import clean
from rollout.render.report_time import Axis, bars
from rollout.render.views.report import View

PAGE = 100
"""Rows that stand on the page at once; the script turns the pages."""
WORDS: Mapping[Colour, str] = {"red": "Red", "amber": "Amber", "green": "Green", "none": "Out"}
SCORES = ("none", "poor", "weak", "fair", "good", "best")


def cell(text: str, **more: Any) -> View:
    """A cell: besides its text `sort`, `href`, `tone` (how it looks) or `more` (small, behind it)."""
    return {"text": clean(text), **{key: value for key, value in more.items() if value is not None}}


def day(when: date | None, more: str = "") -> View:
    """A day and what is said of it, sorted as one; nothing for none."""
    return cell(spoken(when) + more, sort=when.isoformat()) if when else cell("", sort="9")


def wave_cell(wave: int | None) -> View:
    """A wave by its name, sorted by number; what has none comes last."""
    return cell(wave_name(wave), sort=str(9**6 if wave is None else wave))


def health(colour: Colour) -> View:
    """A colour in a word, sorted with the worst first."""
    return cell(WORDS[colour], sort=str(WORST.index(colour)), tone=colour)


def table(
    name: str,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str | None, list[View]]],
    notes: Iterable[str] = (),
) -> View:
    """A table for the page. A row that belongs to a site names it, so that the page's filters find it."""
    made = [{"site": site, "cells": cells} for site, cells in rows]
    return {
        "id": name,
        "caption": clean(caption),
        "columns": [column[:1].upper() + column[1:] for column in columns],
        "rows": made,
        "notes": [clean(note) for note in notes],
        "page": PAGE,
    }


def plain(name: str, found: Table, known: Collection[str]) -> View:
    """A table of a command as it is; rows whose cell `site` names one site belong to it."""
    at = found.columns.index("site") if "site" in found.columns else None
    rows = [
        (row[at] if at is not None and row[at] in known else None, [cell(text.strip()) for text in row])
        for row in found.rows
    ]
    return table(name, found.title, found.columns, rows, found.notes)


class Ways:
    """Where links lead: to the host that shows the repository, else to its files as they lie beside the page."""

    def __init__(self, report: Report, way: str) -> None:
        edit = report.plan.edit_root
        self.root = edit.replace("/edit/", "/blob/", 1) + "/" if edit else way
        self.is_host = edit is not None

    def to(self, where: str, line: int = 0) -> str | None:
        """The address of a file of the repository, or of evidence; None for what must not become a link.

        Only http, https and paths inside the repository do: no other scheme, nothing that climbs out of it.
        """
        if where.startswith(("https://", "http://")):
            try:
                return where if urlsplit(where).hostname and clean(where) == where else None
            except ValueError:
                return None
        steps = where.split("/")
        if not where or where.startswith("/") or "\\" in where or {"..", ""} & set(steps) or clean(where) != where:
            return None
        if ":" in steps[0]:
            return None
        return self.root + quote(where) + (f"#L{line}" if line and self.is_host else "")


def sites(report: Report, ways: Ways) -> View:
    """Every site, the worst first."""
    columns = ("Site", "Wave", "Region", "Country", "Status", "Health", "Go-live", "Expected", "P80", "Done", "Why")
    lines = sorted(
        report.sites, key=lambda one: (WORST.index(one.state.colour), one.state.go_live or date.max, one.site.id)
    )
    return table(
        "sites-table", "Every site, the worst first", columns, ((line.site.id, _site(line, ways)) for line in lines)
    )


def _site(line: SiteLine, ways: Ways) -> list[View]:
    site, state = line.site, line.state
    why = state.why(None) or (line.unplaced or "" if state.go_live is None else "")
    done = (
        cell(f"{state.done}/{state.items}", sort=f"{state.done / state.items:.4f}")
        if state.items
        else cell("", sort="-1")
    )
    return [
        cell(site.name, href=ways.to(line.page) if line.page else None, more=site.id),
        wave_cell(state.wave),
        cell(site.region or ""),
        cell(NAMES.get(site.country, site.country)),
        cell(state.status.replace("_", " ")),
        health(state.colour),
        day(state.go_live),
        day(state.expected, f" ({state.moves:+} d)" if state.moves else ""),
        day(line.outlook.p80 if line.outlook else None),
        done,
        cell(why),
    ]


def gantt(report: Report, axis: Axis) -> View:
    """Every site with a day: when it is prepared, trained, live and in hypercare."""
    rows = []
    for line in report.sites:
        if (drawn := bars(line, axis)) is not None and line.state.go_live:
            star = "lighthouse" if line.site.id == report.plan.lighthouse else None
            rows.append(
                (
                    line.site.id,
                    [
                        cell(line.site.name, tone=star),
                        wave_cell(line.state.wave),
                        day(line.state.go_live),
                        {"text": "", "bars": drawn},
                    ],
                )
            )
    return table(
        "gantt", "Preparation, training, go-live and hypercare of each site", ("Site", "Wave", "Go-live", "Plan"), rows
    )


def waves(report: Report) -> View:
    """One row a wave."""
    names = report.names
    rows = []
    for wave in report.state.waves:
        first, last = wave.span
        shown = few([names.get(state.site, state.site) for state in wave.sites], 8)
        live, count = wave.count("live", "stable"), len(wave.sites)
        rows.append(
            (
                " ".join(state.site for state in wave.sites),
                [
                    cell(wave.name.capitalize(), sort=str(wave.number)),
                    day(first),
                    day(last),
                    cell(str(count)),
                    cell(f"{live} of {count}", sort=str(live / count)),
                    health(wave.colour),
                    cell(shown),
                ],
            )
        )
    columns = ("Wave", "First go-live", "Last go-live", "sites", "Live", "Health", "Who")
    return table("waves-table", "Every wave", columns, rows)


def unplaced(report: Report) -> View:
    """Sites without a day, each with its reason."""
    rows = [
        (line.site.id, [cell(line.site.name), cell(line.state.status.replace("_", " ")), cell(line.unplaced or "")])
        for line in report.sites
        if line.state.go_live is None
    ]
    return table("unplaced-table", "Sites without a day", ("Site", "Status", "Why"), rows)


def readiness(report: Report) -> View:
    """Every assessed site by the eight dimensions, the weakest first."""
    names = tuple(Readiness.model_fields)
    rows = []
    known = [line for line in report.sites if line.assessment]
    known.sort(key=lambda line: (line.assessment.readiness.mean if line.assessment else 0, line.site.id))
    for line in known:
        assert line.assessment is not None
        scores = line.assessment.readiness.model_dump()
        cells = [cell(str(scores[name]), tone=f"s{scores[name]}", more=SCORES[scores[name]]) for name in names]
        mean = line.assessment.readiness.mean
        rows.append((line.site.id, [cell(line.site.name), *cells, cell(f"{mean:.1f}"), day(line.assessment.on)]))
    columns = ("Site", *(name.replace("_", " ").capitalize() for name in names), "Mean", "Assessed")
    left = sum(line.assessment is None and line.state.status not in OUT for line in report.sites)
    notes = ["0 none, 1 poor, 2 weak, 3 fair, 4 good, 5 best; a site's day is that of its oldest score."]
    if left:
        notes.append(f"{so_many(left, 'site')} {'is' if left == 1 else 'are'} not assessed in all eight yet.")
    return table("readiness-table", "Readiness by site, the weakest first", columns, rows, notes)


def ties(report: Report) -> View:
    """What the plan says of two sites."""
    names = report.names
    said: Mapping[TieKind, str] = {
        "after": "goes live after",
        "after hypercare": "goes live after hypercare of",
        "rather after": "goes live, if possible, after",
        "together": "shares the wave of",
        "apart": "is never in the wave of",
        "near": "goes live soon before or after",
    }
    rows = [
        (
            " ".join(site for site in (tie.other, tie.one) if site in names),
            [
                cell(names.get(tie.other, tie.other)),
                cell(said[tie.kind]),
                cell(names.get(tie.one, tie.one)),
                cell(tie.because),
            ],
        )
        for tie in report.ties
    ]
    return table("ties-table", "Which site waits for which", ("Site", "How", "Other site", "Because"), rows)


def needed(report: Report) -> View:
    """Work that sites wait for besides other sites."""
    rows = []
    for one in report.needed:
        late = one.ready is not None and one.ready <= report.as_of
        state = (
            ""
            if one.ready is None
            else "by plan ready"
            if late
            else "under way"
            if one.starts and one.starts <= report.as_of
            else "to come"
        )
        rows.append(
            (
                None,
                [
                    cell(one.title),
                    day(one.starts),
                    day(one.ready),
                    cell(state),
                    cell(f"{one.waiting:,}", sort=str(one.waiting)),
                ],
            )
        )
    return table(
        "needed-table", "What sites wait for besides sites", ("Work", "Starts", "Usable from", "State", "sites"), rows
    )


def capacity(report: Report) -> View:
    """Team by month, each by its fullest week, with words for what is full."""
    teams = report.loads.teams
    months = [(month.year, month.number) for month in teams[0].months] if teams else []
    names = [f"{MONTHS[month - 1]} {year}" for year, month in months]
    rows = [
        (
            None,
            [
                cell(team.team.replace("-", " ")),
                cell(f"{team.capacity} {team.unit}", sort=str(team.capacity)),
                *_loads(team, months),
            ],
        )
        for team in teams
    ]
    notes = ["Each month by its fullest week. Full: all there is. Over: more than there is."]
    notes += [note for note in report.loads.table().notes if " over" in note]
    return table("capacity-table", "Load of each team by month", ("Team", "Has", *names), rows, notes)


def _loads(team: TeamLoad, months: Sequence[tuple[int, int]]) -> list[View]:
    peaks = {(month.year, month.number): month.peak for month in team.months}
    found = []
    for month in months:
        peak = peaks.get(month, 0)
        if not peak:
            found.append(cell("", sort="0", tone="l0"))
            continue
        kind, word = (
            ("l4", "over")
            if peak > team.capacity
            else ("l3", "full")
            if peak == team.capacity
            else ("l2" if 2 * peak >= team.capacity else "l1", "")
        )
        found.append(cell(str(peak), tone=kind, more=word or None))
    return found


def outlooks(rows: Sequence[View]) -> View:
    """How sure days are, with what is drawn by them."""
    made = []
    for row in rows:
        one = row["outlook"]
        slip = cell(f"{one.slip:+} d" if one.slip else "", sort=str(one.slip))
        kept, critical = (
            cell(f"{one.kept * 100:.0f} %", sort=f"{one.kept:.4f}"),
            cell(f"{one.critical * 100:.0f} %", sort=f"{one.critical:.4f}"),
        )
        made.append(
            (
                row["site"],
                [
                    cell(row["name"]),
                    day(one.planned),
                    day(one.p50),
                    day(one.p80),
                    slip,
                    kept,
                    critical,
                    {"text": "", "range": row},
                ],
            )
        )
    columns = ("What", "Published", "P50", "P80", "Slip", "Kept", "Decides the end", "Range")
    return table(
        "forecast-table", "Published days and what the forecast makes of them, the most critical first", columns, made
    )


def due(report: Report, most: int) -> View:
    """What has to start, overdue first."""
    names = report.names
    rows = [
        (
            item.site if item.site in names else None,
            [
                day(item.day),
                cell("Overdue", tone="red", sort="0") if item.is_overdue else cell("Due", tone="none", sort="1"),
                cell(item.site_name if item.site else "whole plan"),
                cell(item.what),
                cell(item.owner.shown),
                cell(f"+{item.slip_if_missed} d" if item.slip_if_missed else "", sort=str(item.slip_if_missed)),
            ],
        )
        for item in report.due.items[:most]
    ]
    left = len(report.due.items) - len(rows)
    notes = [f"and {left:,} more: `rollout due` has all"] if left > 0 else []
    columns = ("Latest day", "State", "Site", "What", "Who", "Go-live slips")
    return table("due-table", "What has to start or be over, overdue first", columns, rows, notes)


def systems(report: Report) -> list[View]:
    """Believed against found, then every system, links past the hub, and what is open."""
    return [plain(f"systems-{number}", found, report.names) for number, found in enumerate(report.systems.tables(), 1)]


def changes(report: Report, most: int) -> list[View]:
    """What has changed since the commit asked for."""
    if report.review is None:
        return []
    sections = report.review.sections(most)
    return [plain(f"changes-{number}", found, report.names) for number, found in enumerate(sections, 1)]
