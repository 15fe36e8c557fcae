"""Money, people, opportunities and decisions: what a steering committee asks for. Nothing here writes."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.few import so_many
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import PROGRAMME, Record
from rollout.pipeline.asking import loads_of
from rollout.pipeline.loading import Loaded, load, pick, published, site_of, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.audited import Audited
    from rollout.model.budgeted import Budgeted
    from rollout.model.budgeted import By as MoneyBy
    from rollout.model.history import History
    from rollout.model.opportunities import Opportunities
    from rollout.model.plan_edit import PlanEdit
    from rollout.model.staffed import Staffed


def budget(
    root: Path, as_of: date, plan_id: str | None = None, site_id: str | None = None, *, by: MoneyBy = "line"
) -> Budgeted:
    """A plan's money: budget, committed, actual and the forecast at completion, by line or by site, or of one site."""
    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    if site_id is not None:
        site_of(loaded, folder, site_id)
    return money_of(loaded.programme, folder, by, site_id)


def money_of(programme: Programme, folder: PlanFolder, by: MoneyBy = "line", site_id: str | None = None) -> Budgeted:
    """The money of a plan that is loaded."""
    from rollout.model.budget import HIDDEN_COSTS, covered
    from rollout.model.budgeted import Budgeted
    from rollout.model.money import lines

    named = covered(folder.plan.budget)
    missing = tuple(kind for kind in HIDDEN_COSTS if kind not in named) if folder.plan.budget else ()
    return Budgeted(
        plan=folder.id,
        name=folder.plan.name,
        currency=folder.plan.currency,
        lines=lines(folder, programme.sites_of(folder.plan)),
        missing=missing,
        by=by,
        site=site_id,
    )


def people(root: Path, as_of: date, plan_id: str | None = None) -> Staffed:
    """Who carries a plan on its published dates: engineers by site, sponsors, champions, share of change work, hub."""
    from rollout.model.people import assign, confirmed_on, shares
    from rollout.model.staffed import SitePeople, Staffed

    loaded = sound(root, as_of)
    programme = loaded.programme
    folder = pick(programme, plan_id)
    schedule = published(folder)
    sites = {site.id: site for site in programme.sites_of(folder.plan)}
    days = {
        site: folder.facts_of(site).went_live or placement.go_live
        for site, placement in schedule.sites.items()
        if site in sites
    }
    assigned = {one.site.id: one for one in assign(programme.teams, sites, days, folder.plan.hypercare.lasts)}
    share = shares(folder.plan, sites.values())
    hub = {team.id for team in programme.teams.teams if team.hub}
    busy = loads_of(programme, folder, schedule).teams
    return Staffed(
        plan=folder.id,
        name=folder.plan.name,
        as_of=as_of,
        sites=tuple(
            SitePeople(
                site=sites[site],
                confirmed=confirmed_on(folder.facts_of(site)),
                shares=share[site],
                assigned=assigned.get(site),
            )
            for site in (*assigned, *(site for site in sites if site not in assigned))
        ),
        hub=tuple(load for load in busy if load.team in hub),
    )


def portfolio(root: Path, as_of: date) -> Opportunities:
    """The opportunities of the programme, best first. Raises RolloutError where there are none."""
    from rollout.model.layout import PORTFOLIO
    from rollout.track.portfolio import opportunities

    loaded = sound(root, as_of)
    if not loaded.programme.portfolio.opportunities:
        said, hint = "there are no opportunities yet", "write some: `opportunities: {vision: {title: …, value: …, …}}`"
        raise RolloutError(Problem(path=PORTFOLIO, code="no-portfolio", message=said, hint=hint))
    return opportunities(loaded.programme)


def audit(root: Path, plan_id: str | None = None, site_id: str | None = None, *, as_of: date | None = None) -> Audited:
    """Who decided what, when, on which evidence, and the commits that say so; of a plan, or as far as of one site.

    Of the whole plan also who changed `plan.yaml`. `as_of`: without what is recorded of later days, and later edits.
    Works with whatever of the files can be understood, and without history, and says so.
    """
    from rollout.load.record_history import entry_lines, record_of
    from rollout.model.audited import Audited
    from rollout.track.audit import audit as decisions

    loaded = load(root)
    folder = pick(loaded.programme, plan_id)
    known = loaded.programme.sites.keys() | loaded.programme.broken_sites | folder.records.keys()
    if site_id is not None and site_id not in known:
        raise RolloutError(loaded.programme.no_site(site_id))
    history, edits, notes = _history(loaded, folder, site_id)
    if wrong := sum(problem.path.startswith(f"{folder.layout.records}/") for problem in loaded.problems):
        problems = so_many(wrong, "problem")
        notes.append(f"{problems} in records: `rollout validate`; what is wrong is not shown.")

    @cache
    def lines(path: str) -> list[tuple[int, str]]:
        return entry_lines(loaded.workspace.text(path) or "")

    def begins(record: Record) -> tuple[int | None, str]:
        entries = lines(record.path)
        return entries[record.index] if record.index < len(entries) else (1, "")

    found = decisions(folder, loaded.programme.renamed, history, cache(record_of), begins, site_id)
    if as_of is not None:
        found = tuple(one for one in found if one.on <= as_of)
        edits = tuple(one for one in edits if one.on <= as_of)
    return Audited(
        plan=folder.id,
        name=folder.plan.name,
        site=site_id,
        decisions=found,
        has_history=history is not None,
        edits=edits,
        as_of=as_of,
        notes=tuple(notes),
    )


def _history(
    loaded: Loaded, folder: PlanFolder, site_id: str | None
) -> tuple[History | None, tuple[PlanEdit, ...], list[str]]:
    """What commits did to the plan's records and, unless a site is asked about, its file; and what limits that."""
    from rollout.load.plan_history import plan_edits
    from rollout.load.record_history import edits
    from rollout.model.history import History
    from rollout.repository import Repository
    from rollout.repository.history import Reading, log
    from rollout.track.decided import KINDS

    records = folder.layout.records
    # A site that was renamed has its earlier lines in files of earlier names.
    site = loaded.programme.sites.get(site_id or "")
    names = (site_id or "",) if site is None else loaded.programme.names_of(site)
    plan = folder.layout.plan
    paths = [records, plan] if site_id is None else [f"{records}/{name}.yaml" for name in (*names, PROGRAMME)]
    try:
        repository = Repository.find(loaded.workspace.root)
        head, is_shallow = repository.head(), repository.is_shallow()
    except RolloutError as error:
        said = f"No history: {error.problems[0].message}. Commits are not named, and nobody can tell what was removed."
        return None, (), [said]
    if head is None:
        return None, (), ["No history: nothing is committed yet."]
    notes = []
    if is_shallow:
        notes.append("The clone is shallow, so older commits are unknown: `git fetch --unshallow` brings them.")
    found = tuple(log(repository, paths, Reading.EVERY_LINE))
    history = History(tuple(edits(found, KINDS, f"{records}/")), is_shallow)
    return history, tuple(plan_edits(found, plan)), notes
