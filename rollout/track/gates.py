"""Gates: what each asks, of which sites, what is so as of a day, and what follows.

There is no code for any one gate. A gate is rows of the preset or the plan; its id says which sites it is about, the
measures and the evidence what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rollout.model.activity import ANY_WAVE, Criterion, Gate
from rollout.model.binding import bind, bound_names, go_live_of, places_of
from rollout.model.calendar import MONDAY_TO_FRIDAY
from rollout.model.decision import Decision, WaiverRecord
from rollout.model.freshness import wave_of
from rollout.model.gated import Check, Gated, Gates, SiteGate
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import PROGRAMME
from rollout.model.site import Site
from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.track.approvals import GateApprovals, Witness
from rollout.track.criteria import Judged, judge
from rollout.track.measures import overdue_reviews
from rollout.track.reading import Measured


def gates(programme: Programme, folder: PlanFolder, as_of: date, witness: Witness) -> Gates:
    """Every gate of a plan as of a day, by its day."""
    of = Measured(programme, folder.until(as_of), as_of)
    found = [_judged(of, name, (), witness) for name in gate_names(of.folder)]
    found.sort(key=lambda gate: (gate.on is None, gate.on or as_of))
    return Gates(plan=folder.id, name=folder.plan.name, as_of=as_of, gates=tuple(found))


def gate_names(folder: PlanFolder) -> tuple[str, ...]:
    """The gates of a plan as they are asked for: `wave` once for each wave of the schedule that it opens."""
    names: list[str] = []
    last = folder.schedule.last_wave if folder.schedule is not None else 0
    for gate in folder.plan.gates:
        if gate.id == ANY_WAVE:
            names += [f"wave-{n}" for n in range(2, last + 1) if folder.plan.gate(f"wave-{n}") is None]
        else:
            names.append(gate.id)
    return tuple(names)


def gate_called(folder: PlanFolder, name: str) -> Gate:
    """The gate that answers to a name. Raises RolloutError with the names there are."""
    gate = folder.plan.gate_of(name) if name != ANY_WAVE else None
    known = gate_names(folder)
    if gate is None or (gate.id == ANY_WAVE and folder.schedule is not None and name not in known):
        hint = did_you_mean(name, known) or ("gates: " + ", ".join(known) if known else "write some below `gates:`")
        said = f'the plan {folder.id} has no gate "{name}"'
        raise RolloutError(Problem(path=folder.plan.paths[0], code="unknown-gate", message=said, hint=hint))
    return gate


def sites_of(
    programme: Programme, folder: PlanFolder, gate: Gate, name: str
) -> tuple[tuple[Site, ...], tuple[Site, ...]]:
    """The sites a gate still decides about, and those for which it is over, by id.

    A wave's sites until they are live; for the gate of a single site the next wave's; for `exit` who is in hypercare;
    for `scale` everybody but the lighthouse.
    """
    covered = {site.id: site for site in programme.sites_of(folder.plan)}
    places = folder.schedule.sites if folder.schedule is not None else {}
    facts = {site: folder.facts_of(site) for site in covered}
    live = {site for site, known in facts.items() if known.went_live is not None}
    if gate.opens == "exit":
        meant = live
        over = {site for site in live if facts[site].left_hypercare is not None}
    else:
        meant = {site for site in covered if site in places and folder.is_placed(site)}
        if gate.opens == "wave":
            meant = {site for site in meant if places[site].wave == wave_of(folder, name, site)}
        elif gate.opens == "scale":
            meant -= {folder.plan.lighthouse}
        elif left := meant - live:
            next_wave = min(places[site].wave for site in left)
            meant = {site for site in meant if places[site].wave == next_wave}
        over = meant & live
    return tuple(covered[s] for s in sorted(meant - over)), tuple(covered[s] for s in sorted(over))


def judged(
    programme: Programme,
    folder: PlanFolder,
    name: str,
    as_of: date,
    *,
    only: Sequence[str] = (),
    witness: Witness,
) -> Gated:
    """One gate as of a day; `only` these sites of it, where some are named. Records of later days do not count.

    Raises RolloutError for a gate or a site that there is not.
    """
    return _judged(Measured(programme, folder.until(as_of), as_of), name, only, witness)


def _judged(of: Measured, name: str, only: Sequence[str], witness: Witness) -> Gated:
    programme, folder, as_of = of.programme, of.folder, of.as_of
    gate = gate_called(folder, name)
    meant, over = sites_of(programme, folder, gate, name)
    left_out = tuple(site.id for site in meant if only and site.id not in only)
    sites = chosen(programme, folder, gate, name, only) if only else meant
    checks = _Checks(of, gate, name, sites)
    approvals = GateApprovals(of, gate, name, witness)
    found = []
    bound = {site.id: bind(folder, gate, name, site, programme.files) for site in sites}
    for site in sites:
        found.append(
            SiteGate(
                site=site.id,
                go_live=go_live_of(folder, site.id),
                decision=_worst((checks.passed(site.id), approvals.given(site, bound[site.id]))),
                binds=bound[site.id].digest,
                bound=bound[site.id].fields,
            )
        )
    return Gated(
        plan=folder.id,
        gate=name,
        title=gate.title or "",
        as_of=as_of,
        on=_day(programme, folder, gate, sites or over),
        sites=tuple(found),
        criteria=checks.rows,
        approvals=approvals.rows(),
        bound=bound_names(gate),
        notes=tuple(_notes(of, gate, sites, over, left_out)),
        is_over=bool(over) and not sites,
    )


def chosen(programme: Programme, folder: PlanFolder, gate: Gate, name: str, only: Sequence[str]) -> tuple[Site, ...]:
    """The sites named, each once and by id. Raises RolloutError for one the gate is not about."""
    covered = {site.id: site for site in programme.sites_of(folder.plan)}
    problems = []
    for site_id in dict.fromkeys(only):
        if site_id not in programme.sites:
            problems.append(programme.no_site(site_id))
        elif site_id not in covered:
            problems.append(folder.leaves_out(site_id))
        elif gate.opens == "wave" and folder.schedule is not None:
            placement = folder.placement_of(site_id)
            wave = wave_of(folder, name, site_id)
            if placement is None or placement.wave != wave:
                where = f"it is in wave {placement.wave}" if placement else "it has no day"
                said = f"{name} does not decide about {site_id}: {where}"
                problems.append(Problem(path="", code="not-in-wave", message=said, hint="see `rollout plan`"))
    if problems:
        raise RolloutError(*problems)
    return tuple(covered[site] for site in sorted(set(only)))


def passed(of: Measured, gate: Gate, name: str, sites: Sequence[Site]) -> Mapping[str, Decision]:
    """What the criteria of a gate alone come to, by site: all there is where it asks for nobody's approval."""
    checks = _Checks(of, gate, name, sites)
    return {site.id: checks.passed(site.id) for site in sites}


class _Checks:
    """The criteria of a gate, each judged once a place."""

    def __init__(self, of: Measured, gate: Gate, name: str, sites: Iterable[Site]) -> None:
        self._of, self._gate, self._name = of, gate, name
        self._judged: dict[tuple[str, str | None], Judged] = {}
        self._waivers = _waivers(of, name)
        self._outcome: dict[str, Decision] = {}
        found: dict[tuple[str, str, str], list[str]] = {}
        rows: dict[tuple[str, str, str], tuple[Criterion, Judged]] = {}
        shared: dict[tuple[str, int], set[str]] = {}
        waves = {site.id: wave_of(of.folder, name, site.id) for site in sites}
        together: dict[int, list[str]] = {}
        for site_id, wave in waves.items():
            together.setdefault(wave, []).append(site_id)
        waived = {criterion for _, criterion in self._waivers}
        for site in sites:
            states: set[str] = set()
            for need in gate.needs:
                # What is judged elsewhere is the same for all sites of a wave, unless it is waived for one of them.
                is_shared = need.at is not None and need.id not in waived
                known = shared.get((need.id, waves[site.id])) if is_shared else None
                if known is None:
                    known = set()
                    asking = together[waves[site.id]] if is_shared else [site.id]
                    for at, one in self._at(need, site):
                        waiver = "" if one.met else self._waived(need.id, site.id, at)
                        key = (need.id, at, waiver)
                        found.setdefault(key, []).extend(asking)
                        rows[key] = (need, one)
                        known.add("go" if one.met else "conditional_go" if waiver else "no_go")
                    if is_shared:
                        shared[need.id, waves[site.id]] = known
                states |= known
            self._outcome[site.id] = _worst(states)
        self.rows = tuple(self._row(key, *rows[key], sorted(found[key])) for key in found)

    def passed(self, site_id: str) -> Decision:
        """What the criteria alone come to at a site."""
        return self._outcome[site_id]

    def _at(self, need: Criterion, site: Site) -> Iterable[tuple[str, Judged]]:
        places = places_of(self._of.folder, need, site.id, wave_of(self._of.folder, self._name, site.id))
        if not places and need.at == "lighthouse":
            own = self._of.folder.plan.source / "gates" / self._gate.id / "needs" / need.id / "at"
            yield "lighthouse", Judged(False, "the plan has no lighthouse", own)
        for place in places:
            # Only what expires before go-live asks for the day, and that is evidence of the site itself.
            go_live = go_live_of(self._of.folder, site.id) if place == site.id else None
            if (need.id, place) not in self._judged:
                self._judged[need.id, place] = judge(self._of, self._gate, need, place, go_live)
            yield place or "plan", self._judged[need.id, place]

    def _waived(self, criterion: str, site_id: str, at: str) -> str:
        for subject in dict.fromkeys((site_id, at, PROGRAMME)):
            waiver = self._waivers.get((subject, criterion))
            if waiver is not None and waiver.expires >= self._of.as_of:
                return f"by {waiver.owner} until {waiver.expires}: {waiver.because}"
        return ""

    def _row(self, key: tuple[str, str, str], need: Criterion, one: Judged, sites: list[str]) -> Check:
        message = one.message
        if not one.met and not key[2]:
            subjects = dict.fromkeys((*sites, key[1], PROGRAMME))
            waivers = (self._waivers.get((subject, need.id)) for subject in subjects)
            expired = next((found for found in waivers if found and found.expires < self._of.as_of), None)
            message += f"; the waiver of {expired.owner} expired on {expired.expires}" if expired else ""
        return Check(
            id=need.id,
            at=key[1],
            sites=tuple(sites),
            met=one.met,
            message=message,
            source=one.source,
            owner=need.owner,
            waiver=key[2],
        )


def _waivers(of: Measured, name: str) -> dict[tuple[str, str], WaiverRecord]:
    """The latest waiver of each criterion for this gate, by site (or `_plan`)."""
    found: dict[tuple[str, str], WaiverRecord] = {}
    for subject, record in of.folder.waivers:
        if record.gate in (None, name):
            key = (subject, record.waiver)
            if key not in found or (record.on, record.expires) > (found[key].on, found[key].expires):
                found[key] = record
    return found


def _worst(states: Iterable[str]) -> Decision:
    found = set(states)
    return "no_go" if "no_go" in found else "conditional_go" if "conditional_go" in found else "go"


def _day(programme: Programme, folder: PlanFolder, gate: Gate, sites: Sequence[Site]) -> date | None:
    """The gate's day: counted from the first go-live it opens; for several sites the first of theirs.

    Who decides about a wave sits in no one country: Monday to Friday.
    """
    days = []
    for site in sites:
        calendar = MONDAY_TO_FRIDAY if gate.opens == "wave" else programme.calendar_of(site)
        go_live = go_live_of(folder, site.id)
        day = gate.day(go_live, calendar) if go_live is not None else None
        if day is not None:
            days.append(day)
    return min(days, default=None)


def _notes(
    of: Measured, gate: Gate, sites: Sequence[Site], over: Sequence[Site], left_out: Sequence[str]
) -> Iterable[str]:
    if of.folder.schedule is None:
        yield "There are no dates yet, so it is about nobody: run `rollout plan`."
    elif not sites and gate.opens == "exit":
        yield "All that went live have left hypercare." if over else "No site is in hypercare."
    elif not sites:
        yield "Every site it opens is live." if over else "It is about no site."
    elif over and gate.opens != "exit":
        yield f"Live already, and not asked about: {', '.join(site.id for site in over)}."
    if left_out:
        held = f"constraints: {{{left_out[0]}: {{not_before: …}}}}"
        yield f"Not asked about: {', '.join(left_out)}. Another day for who is not ready: `{held}` and `rollout plan`."
    for subject, record in overdue_reviews(of):
        if subject == PROGRAMME or any(site.id == subject for site in sites):
            yield f"The review of version {record.governance} was due on {record.next_review} ({record.path})."
