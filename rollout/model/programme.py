"""Everything a programme's repository says, validated: what the other rooms work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from rollout.model.boxes import Checklists, NoChecklists
from rollout.model.calendar import Calendar, Calendars, Holidays
from rollout.model.decision import Decisions, WaiverRecord, decide
from rollout.model.discovery import Found, Unsettled, found_systems, unregistered, unsettled
from rollout.model.files import Files, NoFiles
from rollout.model.known import Known
from rollout.model.layout import Layout
from rollout.model.plan import Plan, Prerequisite
from rollout.model.portfolio import Portfolio
from rollout.model.record import NOTHING_HAPPENED, PROGRAMME, Facts, FoundRecord, HaltRecord, Record, fold, open_halts
from rollout.model.schedule import Placement, Schedule
from rollout.model.selector import Selector
from rollout.model.site import Site, no_such_site, renamed_in
from rollout.model.system import Register, System, connector_of
from rollout.model.team import Teams
from rollout.model.wave_size import WaveSize
from rollout.problem import Problem


@dataclass(frozen=True)
class Content:
    """The capability's own words, by `LANGUAGE/NAME.md`."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str, languages: tuple[str, ...]) -> tuple[str, str] | None:
        """The text in the first language that has it, then in English, and the language it is in."""
        for language in (*languages, "en"):
            for tag in (language, language.partition("-")[0]):
                if (text := self.texts.get(f"{tag}/{name}.md")) is not None:
                    return text, tag
        return None


@dataclass(frozen=True, kw_only=True)
class PlanFolder:
    """What stands in `waves/PLAN/`: the intent, the published dates, what happened, the capability's words."""

    plan: Plan
    schedule: Schedule | None = None
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    content: Content = Content()
    checklists: Checklists = NoChecklists()
    """The boxes people tick."""

    @property
    def id(self) -> str:
        """The plan's id."""
        return self.plan.id

    @property
    def layout(self) -> Layout:
        """Where its files stand."""
        return Layout(self.plan.id)

    def leaves_out(self, site_id: str) -> Problem:
        """That a site of the programme is none of the plan's."""
        said, hint = f"{site_id} is not a site of the plan {self.id}", "widen `sites`, or name another plan with --plan"
        return (self.plan.source / "sites").problem("not-in-plan", said, hint)

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """Facts by site id, from records and ticked boxes, for the sites that have any.

        What is recorded of the whole plan is no site's.
        """
        facts = {site: fold(records) for site, records in self.records.items() if site != PROGRAMME}
        for site, ticked in self.checklists.ticks().items():
            facts[site] = replace(facts.get(site, NOTHING_HAPPENED), ticked=ticked)
        return dict(sorted(facts.items()))

    def facts_of(self, site_id: str) -> Facts:
        """What happened at a site, which may be nothing yet."""
        return self.facts.get(site_id, NOTHING_HAPPENED)

    def placement_of(self, site_id: str) -> Placement | None:
        """The published place of a site; None where it has none, or nothing is published."""
        return self.schedule.sites.get(site_id) if self.schedule is not None else None

    @cached_property
    def common(self) -> Facts:
        """What the records of the whole plan add up to: evidence, costs, governance, waivers for all its sites."""
        return fold(self.records.get(PROGRAMME, ()))

    @cached_property
    def decisions(self) -> Decisions:
        """What was decided for the whole plan."""
        return decide(self.records.get(PROGRAMME, ()))

    @cached_property
    def by_wave(self) -> Mapping[int, tuple[str, ...]]:
        """The sites of each wave on the published dates, by id."""
        found: dict[int, list[str]] = {}
        for site, place in sorted(self.schedule.sites.items()) if self.schedule is not None else ():
            found.setdefault(place.wave, []).append(site)
        return {wave: tuple(sites) for wave, sites in found.items()}

    @cached_property
    def last_day(self) -> date:
        """The day of the newest record. Every gate of hundreds of waves asks, so it is looked for once."""
        return max((record.on for records in self.records.values() for record in records), default=date.min)

    @cached_property
    def waivers(self) -> tuple[tuple[str, WaiverRecord], ...]:
        """Every waiver on record with the site (or `_plan`) it is recorded for."""
        return tuple(
            (subject, record)
            for subject, records in self.records.items()
            for record in records
            if isinstance(record, WaiverRecord)
        )

    def until(self, day: date) -> PlanFolder:
        """The same folder without what is dated after a day."""
        if self.last_day <= day:
            return self
        known = {name: tuple(r for r in records if r.on <= day) for name, records in self.records.items()}
        return replace(self, records=known)

    @cached_property
    def halts(self) -> tuple[HaltRecord, ...]:
        """The halts of the plan that are open, by day."""
        return open_halts(self.records.get(PROGRAMME, ()))

    def is_placed(self, site_id: str) -> bool:
        """Whether a site of the plan has a day or gets one: it is live, or neither paused nor dropped."""
        facts = self.facts_of(site_id)
        return facts.went_live is not None or not facts.is_set_aside


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Sites, systems, teams and plans."""

    sites: Mapping[str, Site]
    """By id, sorted."""
    register: Register = Register()
    teams: Teams = Teams()
    portfolio: Portfolio = Portfolio()
    plans: Mapping[str, PlanFolder] = field(default_factory=dict)
    """By id, sorted."""
    holidays: Holidays = Holidays()
    known: Known = Known()
    """Findings that are counted and do not fail."""
    unmerged: frozenset[str] = frozenset()
    """Files of `plan` that hold both sides of a merge; they are read from our side."""
    files: Files = NoFiles()
    """Files that records point to."""
    broken_sites: frozenset[str] = frozenset()
    """Sites whose file is wrong: they exist, and nothing more is known of them."""
    unread: frozenset[str] = frozenset()
    """The register, teams, portfolio and plans whose file is wrong: what stands in them is not known."""
    catalogues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Languages that pages can be written in besides English, with the programme's own catalogue where it has one."""
    missing_texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the programme's own catalogues leave in English, by path."""

    @cached_property
    def calendars(self) -> Calendars:
        """Working days of every place."""
        return Calendars(self.holidays)

    @cached_property
    def systems(self) -> Mapping[str, System]:
        """The register by id."""
        return {system.id: system for system in self.register.systems}

    @cached_property
    def found(self) -> Found:
        """By site and system what was found there."""
        return found_systems(folder.records for folder in self.plans.values())

    @cached_property
    def unregistered(self) -> Mapping[str, FoundRecord]:
        """The systems in use that the register does not list, each with a line that says it was found."""
        return unregistered(self.sites.values(), self.found, self.systems)

    def unsettled(self, site: Site) -> Unsettled:
        """What is open about a site's systems. A gate that asks for complete discovery asks this."""
        return unsettled(site, self.found.get(site.id, {}), self.systems)

    @cached_property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """The plans that carry each opportunity, by its id, where any do."""
        found: dict[str, list[str]] = {}
        told: list[tuple[str | None, str | None]]
        told = [(folder.plan.opportunity, plan) for plan, folder in self.plans.items()]
        told += [(one.id, one.plan) for one in self.portfolio.opportunities if one.plan in self.plans]
        for opportunity, plan in told:
            if opportunity is not None and plan is not None and plan not in found.setdefault(opportunity, []):
                found[opportunity].append(plan)
        return {opportunity: tuple(sorted(plans)) for opportunity, plans in found.items()}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """By former id, the site that has another one now. An id that is in use again is nobody's former one."""
        return renamed_in(self.sites)

    def names_of(self, site: Site) -> tuple[str, ...]:
        """The id of a site, then those it had before and no other site has now."""
        return (site.id, *(name for name in site.formerly if self.renamed.get(name) == site.id))

    def site_called(self, name: str) -> Site | None:
        """The site of that id, now or formerly."""
        return self.sites.get(self.renamed.get(name, name))

    def counterpart(self, site: Site) -> Site | None:
        """A site of a later state of the programme as it is in this one, where it may have had a former id."""
        return next((self.sites[name] for name in (site.id, *site.formerly) if name in self.sites), None)

    def no_site(self, name: str) -> Problem:
        """That there is no site of this id, and which one was meant."""
        return no_such_site(name, {site.id: site.formerly for site in self.sites.values()})

    def sites_of(self, plan: Plan) -> tuple[Site, ...]:
        """The sites a plan is about, by id."""
        return tuple(site for site in self.sites.values() if plan.covers(site))

    def calendar_of(self, site: Site) -> Calendar:
        """Working days of a site."""
        return self.calendars.of(site.country, site.subdivision, site.weekend)

    def calendar_for(self, prerequisite: Prerequisite) -> Calendar:
        """Working days of the first team with a country that works on it; Monday to Friday where none has one."""
        teams = map(self.teams.team, prerequisite.needs)
        return self.calendars.of(next((team.country for team in teams if team and team.country), None))

    def wave_size(self, folder: PlanFolder) -> WaveSize:
        """`waves.size` of a plan in sites: percentages are of its sites that get a wave, the lighthouse not counted."""
        plan = folder.plan
        placed = sum(site.id != plan.lighthouse and folder.is_placed(site.id) for site in self.sites_of(plan))
        return plan.waves.size.of(placed)

    def prerequisites_of(self, plan: Plan) -> tuple[Prerequisite, ...]:
        """What a plan's sites wait for, by id: what the plan lists, and one connector for each system in use
        (declared, or found and not unneeded) that has none live yet."""
        in_use = {system for site in self.sites_of(plan) for system in site.systems}
        found = {prerequisite.id: prerequisite for prerequisite in plan.prerequisites}
        more = [System(id=line.found, kind=line.kind) for line in self.unregistered.values()]
        for system in (*self.register.systems, *more):
            connector = system.connector
            name = connector_of(system.id)
            if system.id in in_use and connector.live_since is None and name not in found:
                found[name] = Prerequisite.model_construct(
                    id=name,
                    title=f"Connector to {system.title or system.id}",
                    needs={connector.team: connector.needs} if connector.team else {},
                    takes=connector.takes or plan.connectors.takes,
                    not_before=None,
                    where=Selector(systems=(system.id,)),
                    depends_on=(),
                )
        return tuple(found[name] for name in sorted(found))
