"""Lifting all that is named lets the site in; lifting all but one does not; another wave costs what is printed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.check.schedule import check_schedule
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.instance import After, Apart, Instance, Prefer, Primitive, Resource, Same, Window
from rollout.model.schedule import Placement, Schedule
from rollout.model.source import Source
from rollout.pipeline import explain as explain_site
from rollout.pipeline import plan
from rollout.problem import RolloutError
from rollout.sequence.explain import explain
from rollout.sequence.pinned import cost_of, pin, pinned_instance
from rollout.sequence.plan import instance_of, sequence
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import NAMES, plan_file, programmes, sites

PLAN = Source(("waves/v/plan.yaml",))


def lifted(instance: Instance, site: str, lines: Collection[Source]) -> Instance:
    """The problem without these lines, as far as they concern the site."""
    kept: list[Primitive] = []
    for primitive in instance.primitives:
        if isinstance(primitive, Prefer) or primitive.because.source not in lines:
            kept.append(primitive)
        elif isinstance(primitive, Window | Same | Apart):
            kept.append(replace(primitive, jobs=tuple(job for job in primitive.jobs if job != site)))
        elif isinstance(primitive, Resource):
            kept.append(replace(primitive, demands={j: d for j, d in primitive.demands.items() if j != site}))
        elif isinstance(primitive, After) and site not in (primitive.job, primitive.before):
            kept.append(primitive)
    return replace(instance, primitives=tuple(kept))


def moved(instance: Instance, schedule: Schedule, site: str, day: date) -> Schedule:
    lighthouse = schedule.sites["a"].go_live.toordinal()
    wave = instance.wave_table(lighthouse).wave(day.toordinal())
    return schedule.model_copy(update={"sites": {**schedule.sites, site: Placement(wave=wave, go_live=day)}})


@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(programmes(), st.sampled_from(["1", "2", "3", "[1, 3]"]), st.booleans())
def test_what_is_named_is_what_blocks(
    tmp_path_factory: pytest.TempPathFactory, rest: str, size: str, crew: bool
) -> None:
    root = tmp_path_factory.mktemp("p")
    if crew:
        rest += "activities: {install: {title: Install, starts: T-14, takes: 14d, needs: {crew: 1}}}\n"
    files = {**sites("a", *NAMES), **plan_file(rest, size), "waves/_teams.yaml": "teams: {crew: {people: 2}}\n"}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    made = sequence(programme, programme.plans["v"], TODAY)
    if made.schedule.unplaced:
        return
    for site in NAMES:
        found = explain(made.instance, made.schedule, site, PLAN)
        for earlier in found.earlier:
            if earlier.wave == 0:
                continue
            there = moved(made.instance, made.schedule, site, earlier.day)
            lines = [named.source for named in earlier.blocked_by]
            assert len(set(lines)) == len(lines)
            assert check_schedule(lifted(made.instance, site, lines), there, "s") == []
            for line in lines:
                others = [other for other in lines if other != line]
                assert check_schedule(lifted(made.instance, site, others), there, "s") != []
            for named in earlier.blocked_by:
                if named.free_on is not None:
                    assert named.free_on > earlier.day


def test_another_wave_costs_what_the_repaired_plan_costs(programme_folder: Write) -> None:
    root = programme_folder({**sites("a", *NAMES), **plan_file(size="2"), "waves/_teams.yaml": ""})
    plan(root, TODAY)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    folder = programme.plans["v"]
    assert folder.schedule is not None
    instance = instance_of(programme, folder, folder.schedule)
    late = max(NAMES, key=lambda name: folder.schedule.sites[name].go_live)
    cost = cost_of(programme, folder, folder.schedule, instance, late, 1)
    repaired = pin(programme, folder, folder.schedule, late, 1)
    assert repaired.sites[late].wave == 1
    assert check_schedule(pinned_instance(programme, folder, repaired, late, 1), repaired, "s") == []
    differ = {site for site, place in repaired.sites.items() if place.go_live != folder.schedule.sites[site].go_live}
    assert {move.site for move in cost.moves} == differ


def test_a_chain_is_followed_to_its_root_and_places_are_named(programme_folder: Write) -> None:
    rest = "constraints: {c: {after: b, lag: 5w, because: one crew}, d: {after: c, lag: 5w}}\n"
    root = programme_folder({**sites("a", *NAMES), **plan_file(rest), "waves/_teams.yaml": ""})
    plan(root, TODAY)
    found = explain_site(root, TODAY, "d")
    assert [link.job for link in found.chain][:3] == ["d", "c", "b"]
    rows = found.json()["because"]
    assert {"wave", "constraint", "message", "path", "line", "free_on"} <= rows[-1].keys()
    first = next(row for row in rows if row["constraint"] == "after c")
    assert (first["path"], first["line"]) == ("waves/v/plan.yaml", 5)


def test_an_unknown_site_is_answered_with_a_near_one(programme_folder: Write) -> None:
    root = programme_folder({**sites("a", "bergen"), **plan_file(), "waves/_teams.yaml": ""})
    plan(root, TODAY)
    with pytest.raises(RolloutError, match="bergen"):
        explain_site(root, TODAY, "bregen")
