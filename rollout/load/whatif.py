"""Wishes about a plan as edits of its files that nobody wrote.

Each option of `rollout whatif` is one edit, and means what the same edit by hand would mean:

    --delay SITE=3w         constraints: {SITE: {not_before: its go-live + 3w}}
    --drop SITE             a record: {status: dropped, on: the day asked for, by: whatif}
    --add NEW=SITE          a copy of the site's file as NEW.yaml in the same folder, named NEW; no records
    --cap 3, --cap 3-4      waves: {size: …}, the wished minimum kept where only a maximum is given and it allows it
    --cap TEAM=5            the team's people or person_days
    --blackout A..B[:KEY=VALUE,…]   an entry of blackouts, for all sites or those the selector matches
    --pin SITE=DATE|WAVE    constraints: {SITE: {go_live or wave: …}}, instead of any pin it has
    --lighthouse SITE       lighthouse: SITE
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from rollout.load.overlay import Edit, Overlay, Raw
from rollout.load.scenario import FORMS, misspelt, refuse
from rollout.load.validate import build
from rollout.load.workspace import Workspace
from rollout.model.fields import is_id
from rollout.model.layout import TEAMS
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Facts
from rollout.model.schedule import Schedule
from rollout.model.selector import Selector
from rollout.model.site import Site, no_such_site
from rollout.model.times import MonthDay, parse_day, parse_duration, parse_span_day
from rollout.model.wave_size import WaveSize, parse_size
from rollout.model.whatif import Scenario
from rollout.problem import Problem, did_you_mean


def edits(
    scenarios: Iterable[Scenario],
    workspace: Workspace,
    programme: Programme,
    folder: PlanFolder,
    base: Schedule,
    as_of: date,
) -> tuple[Overlay, ...]:
    """What each scenario would edit. `base` are the dates that delays count from.

    Raises RolloutError with everything wrong in any of them: code 2 where an option is misspelt, else 1.
    """
    problems: list[Problem] = []
    overlays = []
    for scenario in scenarios:
        wishes = _Wishes(scenario, workspace, programme, folder, base, as_of)
        overlays.append(wishes.overlay())
        problems += wishes.problems
    refuse(list(dict.fromkeys(problems)))
    return tuple(overlays)


class _Wishes:
    """One scenario on its way to an overlay."""

    def __init__(
        self,
        scenario: Scenario,
        workspace: Workspace,
        programme: Programme,
        folder: PlanFolder,
        base: Schedule,
        as_of: date,
    ) -> None:
        # A site that is added may be pinned, or be the lighthouse, wherever the two options stand.
        self.wishes = sorted(scenario.wishes, key=lambda wish: wish[0] != "add")
        self.workspace = workspace
        self.programme = programme
        self.folder = folder
        self.base = base
        self.as_of = as_of
        self.place = ""
        self.edits: list[Edit] = []
        self.problems: list[Problem] = []
        self.added: dict[str, Site] = {}
        self.asked: dict[tuple[str, str], str] = {}

    def overlay(self) -> Overlay:
        """The edits of all wishes; what is wrong with a wish goes to `problems` instead."""
        makers: dict[str, Callable[[str], None]] = {
            "delay": self._delay,
            "drop": self._drop,
            "add": self._add,
            "cap": self._cap,
            "blackout": self._blackout,
            "pin": self._pin,
            "lighthouse": self._lighthouse,
        }
        for kind, text in self.wishes:
            self.place = f"--{kind} {text}"
            makers[kind](text.strip())
        self._contradictions()
        return Overlay(tuple(self.edits))

    # --- the kinds

    def _delay(self, text: str) -> None:
        if (pair := self._pair(text, "delay")) is None:
            return
        site_id, value = pair
        if (site := self._open_site(site_id, "delay")) is None:
            return
        try:
            length = parse_duration(value)
        except ValueError as error:
            self._usage(str(error), "delay")
            return
        placement = self.base.sites.get(site_id)
        if placement is None:
            self._problem("no-day", f"{site_id} has no day to be delayed from", f"pin it: --pin {site_id}=DATE")
            return
        calendar = self.programme.calendar_of(site)
        day = calendar.after(placement.go_live, length)
        self._edit_plan({"constraints": {site_id: {"not_before": day.isoformat()}}})

    def _drop(self, text: str) -> None:
        if self._open_site(text, "drop") is None:
            return
        if text == self.folder.plan.lighthouse and "lighthouse" not in dict(self.wishes):
            self._problem("lighthouse", f"{text} is the lighthouse", "say who goes first instead: --lighthouse SITE")
            return
        record = {"status": "dropped", "on": self.as_of.isoformat(), "by": "whatif"}
        self._edit(self.folder.layout.records_of(text), [record])

    def _add(self, text: str) -> None:
        if (pair := self._pair(text, "add")) is None:
            return
        new, like = pair
        if not is_id(new):
            self._usage(f'"{new}" cannot be an id: up to 64 of a-z, 0-9 and dashes inside', "add")
            return
        if new in self.programme.sites or new in self.added:
            said = f"there is a site {new} already"
            self._problem("duplicate-site", said, "choose an id that is free")
            return
        site = self._site(like)
        if site is None:
            return
        path = site.paths[0]
        raw = self.workspace.yaml(path, []) or {}
        copy = {key: value for key, value in raw.items() if key != "formerly"}
        self._edit(f"{path.rpartition('/')[0]}/{new}.yaml", {**copy, "name": new})
        self.added[new] = site
        if (listed := self.folder.plan.sites.id) is not None:
            self._edit_plan({"sites": {"id": [*listed, *self.added]}})

    def _cap(self, text: str) -> None:
        team, equals, number = (part.strip() for part in text.rpartition("="))
        if not equals:
            self._wave_size(text)
            return
        known = [entry.id for entry in self.programme.teams.teams]
        found = self.programme.teams.team(team)
        if found is None:
            hint = did_you_mean(team, known) or (
                "teams: " + ", ".join(known) if known else "waves/_teams.yaml has none"
            )
            self._problem("unknown-team", f'there is no team "{team}"', hint)
        elif not number.isascii() or not number.isdigit() or len(number) > 6:
            self._usage(f'a capacity is a whole number, not "{number}"', "cap")
        elif self._once("cap", team):
            key = "people" if found.people is not None else "person_days"
            self._edit(TEAMS, {"teams": {team: {key: number}}})

    def _wave_size(self, text: str) -> None:
        try:
            least, most = parse_size(text).steps[0]
        except ValueError as error:
            self._usage(str(error), "cap")
            return
        if not self._once("cap", "of a wave"):
            return
        wished = least if "-" in text else None
        steps = [f"{low}-{high}" for low, high in _capped(self.folder.plan.waves.size, wished, most)]
        self._edit_plan({"waves": {"size": steps if len(steps) > 1 else steps[0]}})

    def _blackout(self, text: str) -> None:
        span, colon, words = text.partition(":")
        first, dots, last = (part.strip() for part in span.partition(".."))
        try:
            start = parse_span_day(first)
            end = parse_span_day(last) if dots else start
        except ValueError as error:
            self._usage(str(error), "blackout")
            return
        if type(start) is not type(end) or isinstance(start, int):
            self._usage("it begins and ends on days, or on days of every year", "blackout")
            return
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self._usage(f"it ends ({end}) before it begins ({start})", "blackout")
            return
        ids = {blackout.id for blackout in self.folder.plan.blackouts}
        ids |= {entry["id"] for edit in self.edits if "blackouts" in edit.raw for entry in edit.raw["blackouts"]}
        number = next(n for n in range(1, len(ids) + 2) if f"what-if-{n}" not in ids)
        entry: dict[str, Raw] = {"id": f"what-if-{number}", "from": str(start), "to": str(end)}
        if isinstance(start, MonthDay):
            entry["every"] = "year"
        if colon:
            where = self._selector(words)
            if where is None:
                return
            entry["where"] = where
        self._edit_plan({"blackouts": [entry]})

    def _selector(self, text: str) -> dict[str, Raw] | None:
        where: dict[str, Any] = {}
        for word in text.split(","):
            key, equals, value = (part.strip() for part in word.partition("="))
            if not equals or not key or not value:
                self._usage(f'"{word.strip()}" is not KEY=VALUE', "blackout")
                return None
            if key.startswith("labels."):
                where.setdefault("labels", {}).setdefault(key.removeprefix("labels."), []).append(value)
            elif key == "labels":
                self._usage("a label is spelled labels.NAME=VALUE", "blackout")
                return None
            else:
                where.setdefault(key, []).append(value)
        selector, wrong = build(Selector, where, [(self.place, where)])
        self.problems += wrong
        if selector is None:
            return None
        sites = self.programme.sites_of(self.folder.plan)
        if not any(selector.matches(site) for site in (*sites, *self.added.values())):
            values = {v for key in where if key != "labels" for site in sites for v in site.values_of(key)}
            values |= {v for site in sites for v in site.labels.values()} if "labels" in where else set()
            hint = next(
                (near for word in text.split(",") if (near := did_you_mean(word.partition("=")[2], sorted(values)))), ""
            )
            self._problem("no-sites", f"no site of the plan is {text}", hint)
            return None
        return where

    def _pin(self, text: str) -> None:
        if (pair := self._pair(text, "pin")) is None:
            return
        site_id, value = pair
        if self._open_site(site_id, "pin") is None:
            return
        if value.isascii() and value.isdigit() and len(value) < 5:
            if int(value) == 0 and site_id != self.folder.plan.lighthouse:
                self._problem("lighthouse", "wave 0 is the lighthouse, alone", f"say --lighthouse {site_id}")
                return
            self._edit_plan({"constraints": {site_id: {"wave": value, "go_live": None}}})
            return
        try:
            day = parse_day(value)
        except ValueError as error:
            self._usage(f"a pin is a day or the number of a wave: {error}", "pin")
            return
        if day < self.as_of:
            hint = "choose a later day; what has happened is a record"
            self._problem("impossible-date", f"{day} is before {self.as_of}, the day this is asked for", hint)
            return
        self._edit_plan({"constraints": {site_id: {"go_live": day.isoformat(), "wave": None}}})

    def _lighthouse(self, text: str) -> None:
        if self._open_site(text, "lighthouse") is None or not self._once("lighthouse", "of the plan"):
            return
        now = self.folder.plan.lighthouse
        went_live = self._facts(now).went_live if now is not None else None
        if went_live is not None:
            self._problem("gone-live", f"the lighthouse {now} went live on {went_live}", "it is too late for another")
            return
        self._edit_plan({"lighthouse": text})

    # --- what they share

    def _pair(self, text: str, kind: str) -> tuple[str, str] | None:
        """Both sides of an equals sign; None (and a problem) where one is missing."""
        left, equals, right = (part.strip() for part in text.partition("="))
        if not equals or not left or not right:
            self._usage(f'"{text}" has not both sides of an equals sign', kind)
            return None
        return left, right

    def _facts(self, site_id: str) -> Facts:
        return self.folder.facts_of(site_id)

    def _site(self, site_id: str) -> Site | None:
        """A site of the plan, or one added; a problem where it is neither."""
        site = self.programme.sites.get(site_id) or self.added.get(site_id)
        if site is None:
            known = {name: one.formerly for name, one in ({**self.programme.sites, **self.added}).items()}
            self.problems.append(replace(no_such_site(site_id, known), path=self.place))
        elif not self.folder.plan.covers(site):
            self._problem("unknown-site", f"{site_id} is not a site of this plan", "see `sites` in its plan.yaml")
            return None
        return site

    def _open_site(self, site_id: str, kind: str) -> Site | None:
        """A site that still gets a day, asked about once; a problem where it does not."""
        site = self._site(site_id)
        if site is None or (kind != "lighthouse" and not self._once(kind, site_id)):
            return None
        facts = self._facts(site_id)
        if facts.went_live is not None:
            said = f"{site_id} went live on {facts.went_live}, and what happened stays"
            self._problem("gone-live", said, "ask about a site that is still to come")
            return None
        if facts.is_set_aside:
            self._problem("no-day", f"{site_id} is {facts.status}, so it gets no day", "record another status first")
            return None
        return site

    def _once(self, kind: str, what: str) -> bool:
        if (kind, what) in self.asked:
            said = f"{self.asked[kind, what]} says this already"
            self._problem("contradiction", said, "say it once; another --scenario can say it differently")
            return False
        self.asked[kind, what] = self.place
        return True

    def _contradictions(self) -> None:
        for (kind, site_id), place in self.asked.items():
            other = self.asked.get(("drop", site_id))
            if other is not None and kind in ("delay", "pin"):
                self.place = place
                self._problem("contradiction", f"{other} leaves it without a day", "try the two as two scenarios")

    def _edit(self, path: str, raw: Raw) -> None:
        self.edits.append(Edit(self.place, path, raw))

    def _edit_plan(self, raw: Raw) -> None:
        self._edit(self.folder.layout.plan, raw)

    def _problem(self, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(path=self.place, code=code, message=message, hint=hint))

    def _usage(self, message: str, kind: str) -> None:
        self.problems.append(misspelt(self.place, message, f"write {FORMS[kind]}"))


def _capped(size: WaveSize, least: int | None, most: int) -> list[tuple[int, int]]:
    """The last size (of all later waves) becomes the cap; a ramp before it keeps what is not above the cap."""
    steps = list(size.steps)
    while len(steps) > 1 and steps[-2] == steps[-1]:
        steps.pop()
    wished = steps[-1][0] if least is None else least
    ramp = [(min(low, most), min(high, most)) for low, high in steps[:-1]]
    return [*ramp, (min(wished, most), most)]
