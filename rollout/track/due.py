"""What has to start, or to be over, within some days of a day: items, prerequisites, gates, reviews, hypercare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from graphlib import TopologicalSorter

from rollout.model.activity import Gate
from rollout.model.agenda import Task
from rollout.model.calendar import MONDAY_TO_FRIDAY, ONE_DAY, Calendar, spoken
from rollout.model.decision import ApprovalRecord, Decision
from rollout.model.due import Due, DueItem, Kind
from rollout.model.few import few
from rollout.model.layout import Layout
from rollout.model.owner import Owner, owner_of, plan_owner
from rollout.model.plan import Prerequisite
from rollout.model.record import Facts
from rollout.model.site import Site
from rollout.model.standing import Standing
from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.track.gates import passed
from rollout.track.look import Look, Looks
from rollout.track.reading import Measured

RECURS = 90
"""Evidence that a gate wants no older than so many days, or more, is renewed while a site is live."""
_REVIEWER = "ml_owner"
"""Who answers for a version of the capability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of it."""

    within: timedelta
    sites: frozenset[str] | None = None
    """Of these sites only; then nothing of the whole plan either."""
    norm: bool = False
    """Also what is behind, or due by, the day on its checklist though it can still wait."""


def due(standing: Standing, as_of: date, wanted: Wanted) -> Due:
    """What is overdue or due by `as_of` + `within`, overdue first, then by the latest day, requests first."""
    asked = _Asked(standing, as_of, wanted)
    items = sorted(asked.items(), key=lambda item: item.rank)
    folder = standing.folder
    halts = [
        f"The programme is halted since {spoken(halt.on)} ({halt.halt})." for halt in folder.halts if halt.on <= as_of
    ]
    return Due(
        plan=folder.id,
        name=folder.plan.name,
        as_of=as_of,
        until=asked.until,
        items=tuple(items),
        waiting=asked.waiting,
        remarks=tuple(halts),
    )


def of_owner(found: Due, name: str, standing: Standing) -> Due:
    """What of it is one person's or one role's: the name or part of it, an e-mail address, or a role's id.

    Raises RolloutError where nobody in the plan is called so.
    """
    wanted = name.casefold().strip()

    def is_meant(owner: Owner) -> bool:
        return (
            wanted in (owner.role, (owner.email or "").casefold(), owner.shown.casefold())
            or f" {wanted} " in f" {owner.shown.casefold()} "
        )

    items = tuple(item for item in found.items if is_meant(item.owner))
    if not items:
        plan = standing.folder.plan
        known = {a.owner for a in plan.activities} | set(plan.people) | {p.name for p in plan.people.values()}
        for site_id in standing.site_ids:
            site = standing.programme.sites[site_id]
            known |= {person.name for person in (site.site_lead, site.sponsor) if person}
        known |= {who.name for spoke in standing.programme.teams.spokes for who in spoke.engineers}
        if not any(is_meant(Owner("", one)) or one == wanted for one in known):
            hint = did_you_mean(name, sorted(known)) or "a name as the pages have it, an e-mail address, or a role"
            said = f'nobody in the plan is called "{name}"'
            raise RolloutError(Problem(path="", code="unknown-owner", message=said, hint=hint))
    return replace(found, items=items, waiting=0)


class _Asked:
    """One question, asked of site after site."""

    def __init__(self, standing: Standing, as_of: date, wanted: Wanted) -> None:
        self.standing, self.as_of, self.wanted = standing, as_of, wanted
        self.plan = standing.folder.plan
        self.until = as_of + wanted.within
        self.waiting = 0
        self.looks = Looks(standing, as_of)
        self.passed: dict[str, Mapping[str, Decision]] = {}
        """By gate that asks for nobody's approval, what its criteria come to at each site; once it is asked about."""
        self.site_gates = [gate for gate in self.plan.gates if gate.opens in ("site", "exit")]
        reviews = [(need.max_age.days, need) for gate in self.plan.gates for need in gate.needs if need.max_age]
        self.reviews = {n.evidence: (age, n.owner) for age, n in sorted(reviews, key=lambda row: -row[0]) if n.evidence}

    def items(self) -> Iterator[DueItem]:
        """In no particular order."""
        for look in self.looks:
            site = look.standing.site
            if self.wanted.sites is not None and site.id not in self.wanted.sites:
                continue
            if look.facts.status not in ("paused", "dropped", "rolled_back"):
                yield from self._of_site(look)
        if self.wanted.sites is None:
            yield from self._prerequisites()
            yield from self._governance(self.standing.folder.common, None)
        yield from self._wave_gates()

    def _of_site(self, look: Look) -> Iterator[DueItem]:
        for task in look.open_tasks:
            item = self._task(look, task)
            if item is not None:
                yield item
        yield from self._gates(look)
        yield from self._reviews(look)
        yield from self._exit(look)

    def _is_due(self, day: date) -> bool:
        return day <= self.until

    def _task(self, look: Look, task: Task) -> DueItem | None:
        """An item of a checklist, if it is due: its start, or once it was requested its end."""
        activity, pace = task.activity, look.pace
        today, later = max(self.as_of, self.plan.work_from), max(self.until, self.plan.work_from) + ONE_DAY
        now = missed = 0
        since: date | None = None
        kind: Kind
        if task.is_requested:
            kind, day, norm = "over", task.ends, task.ends
            if pace is not None and activity.id in pace.begun:
                over = pace.begun[activity.id] + ONE_DAY
                day = min(day, pace.latest_end.get(activity.id, day))
                now = pace.slip_if_over(activity, max(self.as_of, over))
                missed = pace.slip_if_over(activity, max(later, over))
            record = look.standing.facts.items.get(activity.id)
            since = record.on if record else None
        else:
            kind = "request" if activity.two_step else "start"
            day, norm = task.starts, task.starts
            if pace is not None and activity.id in pace.latest:
                day = pace.latest[activity.id]
                now, missed = pace.slip_if_started(activity, today), pace.slip_if_started(activity, later)
        if not self._is_due(day):
            self.waiting += norm < self.as_of
            if not (self.wanted.norm and self._is_due(norm)):
                return None
            day = norm
        owner = owner_of(self.plan, look.standing, activity.owner, max(task.starts, self.as_of))
        return self._site_item(
            look, kind, activity.id, activity.title, day, owner, norm=norm, now=now, missed=missed, since=since
        )

    def _site_item(
        self,
        look: Look,
        kind: Kind,
        name: str,
        title: str,
        day: date,
        owner: Owner,
        *,
        norm: date | None = None,
        now: int = 0,
        missed: int = 0,
        since: date | None = None,
    ) -> DueItem:
        site = look.standing.site
        placement = look.standing.placement
        return DueItem(
            kind=kind,
            id=name,
            title=title,
            site=site.id,
            site_name=site.name,
            wave=placement.wave if placement else None,
            day=day,
            norm=norm or day,
            owner=owner,
            is_overdue=day < self.as_of,
            slip_now=now if day < self.as_of else 0,
            slip_if_missed=missed,
            since=since,
            page=self._page(site.id),
        )

    def _page(self, site_id: str) -> str | None:
        if self.plan.edit_root is None or "checklist" not in self.plan.documents:
            return None
        return f"{self.plan.edit_root}/{Layout(self.plan.id).checklist_of(site_id)}"

    def _gates(self, look: Look) -> Iterator[DueItem]:
        """The decision days of a site's own gates, until they are decided or have no more to open."""
        live = look.go_live
        if live is None:
            return
        for gate in self.site_gates:
            is_exit = gate.opens == "exit"
            if is_exit != (look.facts.went_live is not None) or look.facts.status == "stable":
                continue
            day = gate.day(live, look.calendar)
            if day is None or not self._is_due(day):
                continue
            site, title = look.standing.site, gate.title or gate.id
            for record in look.approvals.at(gate, gate.id, site).stale:
                owner = owner_of(self.plan, look.standing, record.role, day)
                if (owner.name or "").casefold() != record.by.casefold():
                    owner = self._named(record)
                yield self._site_item(look, "renew", gate.id, f"{title} ({record.role})", day, owner)
            if (role := self._next(gate, gate.id, site)) is not None:
                owner = owner_of(self.plan, look.standing, role, day)
                yield self._site_item(look, "decide", gate.id, title, day, owner)

    def _next(self, gate: Gate, name: str, site: Site) -> str | None:
        """The role that decides next about a site; the site's lead where only criteria keep the gate shut."""
        if gate.approvals:
            return next(iter(self.looks.approvals.at(gate, name, site).unasked), None)
        if name not in self.passed:
            folder = self.standing.folder.until(self.as_of)
            sites = [self.standing.programme.sites[one] for one in self.standing.site_ids]
            self.passed[name] = passed(Measured(self.standing.programme, folder, self.as_of), gate, name, sites)
        return "site_lead" if self.passed[name][site.id] == "no_go" else None

    def _reviews(self, look: Look) -> Iterator[DueItem]:
        """Evidence that a gate wants renewed at a site that is live, on the day it grows too old."""
        yield from self._governance(look.facts, look)
        if look.facts.went_live is None:
            return
        titles = {activity.id: activity.title for activity in self.plan.activities}
        for name, (age, role) in sorted(self.reviews.items()):
            record = look.facts.finished.get(name) or look.facts.evidence.get(name)
            if record is None or age < RECURS:
                continue
            day = record.on + timedelta(days=age)
            if self._is_due(day):
                owner = owner_of(self.plan, look.standing, role, day)
                title = f"{titles.get(name, name)} (of {record.on})"
                yield self._site_item(look, "review", name, title, day, owner)

    def _governance(self, facts: Facts, look: Look | None) -> Iterator[DueItem]:
        """The next review of the version that is rolled out, at a site or for all of them."""
        version = self.plan.version or ""
        record = facts.governance.get(version)
        if record is None or record.next_review is None or not self._is_due(record.next_review):
            return
        day, title = record.next_review, f"Review version {version}"
        if look is not None:
            owner = owner_of(self.plan, look.standing, _REVIEWER, day)
            yield self._site_item(look, "review", "governance", title, day, owner)
            return
        yield DueItem(
            kind="review",
            id="governance",
            title=title,
            site=None,
            site_name="",
            wave=None,
            day=day,
            norm=day,
            owner=plan_owner(self.plan, _REVIEWER),
            is_overdue=day < self.as_of,
        )

    def _exit(self, look: Look) -> Iterator[DueItem]:
        if look.facts.status != "live" or look.facts.went_live is None:
            return
        day = look.facts.went_live + look.hypercare
        if self._is_due(day) and not any(self._is_shut(gate, look.standing.site) for gate in self.site_gates):
            role = "support_lead" if "support_lead" in self.plan.people else "programme_manager"
            owner = owner_of(self.plan, look.standing, role, day)
            yield self._site_item(look, "exit", "hypercare", "Hypercare is to end: record the exit", day, owner)

    def _is_shut(self, gate: Gate, site: Site) -> bool:
        """Whether a gate that is asked about on a day of its own keeps a site in hypercare."""
        if gate.opens != "exit" or gate.on is None:
            return False
        return bool(self.looks.approvals.at(gate, gate.id, site).stale) or self._next(gate, gate.id, site) is not None

    def _wave_gates(self) -> Iterator[DueItem]:
        """Gates that open a wave, on their day before the first go-live to come, until all its sites are approved."""
        folder = self.standing.folder
        for wave in self.standing.waves:
            name = f"wave-{wave.number}"
            gate = self.plan.gate_of(name)
            left = [
                (site, go_live)
                for site, go_live in wave.sites
                if folder.is_placed(site.id) and folder.facts_of(site.id).went_live is None
            ]
            starts = min((go_live for _, go_live in left), default=None)
            day = gate.day(starts, MONDAY_TO_FRIDAY) if gate is not None and starts is not None else None
            if gate is None or day is None or not self._is_due(day):
                continue
            unasked: list[str] = []
            stale: dict[tuple[str, str], tuple[ApprovalRecord, list[str]]] = {}
            for site, _ in left:
                if self.wanted.sites is not None and site.id not in self.wanted.sites:
                    continue
                unasked += [site.id] if self._next(gate, name, site) is not None else []
                for record in self.looks.approvals.at(gate, name, site).stale:
                    stale.setdefault((record.role, record.by), (record, []))[1].append(site.id)
            for record, sites in stale.values():
                yield self._gate_item("renew", gate, wave.number, day, sites, self._named(record))
            if unasked:
                owner = plan_owner(self.plan, "programme_manager")
                yield self._gate_item("decide", gate, wave.number, day, unasked, owner)

    def _named(self, record: ApprovalRecord) -> Owner:
        """Who gave an approval, with the address that the plan knows."""
        by = record.by.casefold()
        mail = next((who.email for who in self.plan.people.values() if who.name.casefold() == by), None)
        return Owner(record.role, record.by, mail)

    def _gate_item(self, kind: Kind, gate: Gate, wave: int, day: date, sites: Sequence[str], owner: Owner) -> DueItem:
        names = few(sites, 3)
        return DueItem(
            kind=kind,
            id=f"wave-{wave}",
            title=f"{gate.title or gate.id} ({names})",
            site=None,
            site_name="",
            wave=wave,
            day=day,
            norm=day,
            owner=owner,
            is_overdue=day < self.as_of,
        )

    def _prerequisites(self) -> Iterator[DueItem]:
        """What sites wait for besides sites, until it is ready by record.

        Nothing records that it was begun: its published start is taken for it.
        """
        programme, schedule = self.standing.programme, self.standing.schedule
        sites = [s for s in programme.sites_of(self.plan) if s.id in schedule.sites]
        facts = self.standing.folder.facts
        waiting = [s for s in sites if s.id not in facts or facts[s.id].went_live is None]
        found = {p.id: p for p in programme.prerequisites_of(self.plan)}
        first: dict[str, date] = {
            p.id: min((schedule.sites[s.id].go_live for s in waiting if p.where.matches(s)), default=date.max)
            for p in found.values()
        }
        latest = _latest(found, first, {p.id: programme.calendar_for(p) for p in found.values()})
        for name, prerequisite in found.items():
            ready = schedule.prerequisites.get(name)
            is_there = self.standing.folder.common.shown_on(name, self.as_of) is not None
            if ready is None or is_there or latest[name][1] == date.max:
                continue
            calendar = programme.calendar_for(prerequisite)
            if ready.starts >= self.as_of:
                if self._is_due(ready.starts):
                    missed = calendar.on_or_after(calendar.after(self.until + ONE_DAY, prerequisite.takes))
                    slip = max(0, (missed - latest[name][1]).days)
                    yield self._prerequisite_item(prerequisite, "start", ready.starts, slip)
            elif ready.ready <= self.until:
                yield self._prerequisite_item(prerequisite, "ready", ready.ready, 0)

    def _prerequisite_item(self, prerequisite: Prerequisite, kind: Kind, day: date, slip: int) -> DueItem:
        teams = ", ".join(prerequisite.needs)
        owner = Owner("team", f"team {teams}") if teams else plan_owner(self.plan, "programme_manager")
        return DueItem(
            kind=kind,
            id=prerequisite.id,
            title=prerequisite.title,
            site=None,
            site_name="",
            wave=None,
            day=day,
            norm=day,
            owner=owner,
            is_overdue=day < self.as_of,
            slip_if_missed=slip,
        )


def _latest(
    found: dict[str, Prerequisite], first: dict[str, date], calendars: dict[str, Calendar]
) -> dict[str, tuple[date, date]]:
    """For each prerequisite the last day it can begin and the last on which it must be ready, by what waits for it."""
    limits, known = dict(first), dict[str, tuple[date, date]]()
    waits = {name: [needed for needed in one.depends_on if needed in found] for name, one in found.items()}
    for name in reversed(tuple(TopologicalSorter(waits).static_order())):
        limit = limits[name]
        starts = limit if limit == date.max else calendars[name].before(limit, found[name].takes)
        known[name] = (starts, limit)
        for needed in waits[name]:
            limits[needed] = min(limits[needed], starts)
    return known
