"""What `explain` names really blocks: all of it lifted lets the site in, all but one does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.check.schedule import check_schedule
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.explained import Earlier, Explained, Named
from rollout.model.instance import (
    After,
    Apart,
    Because,
    Demand,
    Instance,
    Job,
    Prefer,
    Primitive,
    Resource,
    Same,
    Stretch,
    Window,
)
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Placement, Schedule
from rollout.model.source import Source
from rollout.sequence.blocking import Others
from rollout.sequence.explain import explain
from rollout.sequence.objective import Objective
from rollout.sequence.pinned import cost_of, pin, pinned_instance
from rollout.sequence.plan import sequence
from tests.conftest import TODAY, Write, loaded
from tests.sequence.test_plan import NAMES, plan_file, programmes, sites

DAY = date(2027, 3, 2).toordinal()
HERE = Source(("plan.yaml",))


def lifted(instance: Instance, site: str, sources: Iterable[Source]) -> Instance:
    """The problem without these lines, as far as they concern the site."""
    gone = set(sources)
    primitives = [p if p.because.source not in gone else _without(p, site, instance) for p in instance.primitives]
    return replace(instance, primitives=tuple(p for p in primitives if p is not None))


def _without(primitive: Primitive, site: str, instance: Instance) -> Primitive | None:
    if isinstance(primitive, After | Prefer):
        return None if site in (primitive.job, primitive.before) else primitive
    if site == instance.lighthouse and (isinstance(primitive, Resource) or primitive.__class__ is Window):
        # Another day of the lighthouse renumbers the waves of all others: what it breaks there goes too.
        is_numbered = isinstance(primitive, Resource) and primitive.unit == "wave"
        if is_numbered or (isinstance(primitive, Window) and primitive.waves is not None):
            return None
    if isinstance(primitive, Resource):
        return replace(primitive, demands={j: d for j, d in primitive.demands.items() if j != site})
    return replace(primitive, jobs=tuple(job for job in primitive.jobs if job != site))


def is_let_in(instance: Instance, schedule: Schedule, site: str, day: date) -> bool:
    """Whether the checker has nothing against the schedule with the site on the day, waves numbered as they then are."""
    days = {s: p.go_live for s, p in schedule.sites.items()} | {site: day}
    lighthouse = instance.lighthouse
    table = instance.wave_table(days[lighthouse].toordinal() if lighthouse else None)
    placed = {
        s: Placement.model_construct(wave=0 if s == lighthouse else table.wave(d.toordinal()), go_live=d)
        for s, d in days.items()
    }
    moved = schedule.model_copy(update={"sites": placed})
    return not check_schedule(instance, moved, "s")


def assert_exact(instance: Instance, schedule: Schedule, site: str, row: Earlier) -> None:
    named = [n.source for n in row.blocked_by]
    assert len(set(named)) == len(named)
    assert bool(named) == (row.verdict == "blocked")
    assert is_let_in(lifted(instance, site, named), schedule, site, row.day), (site, row)
    for kept in row.blocked_by:
        others = [source for source in named if source != kept.source]
        assert not is_let_in(lifted(instance, site, others), schedule, site, row.day), (site, row, kept.name)


def assert_frees(instance: Instance, schedule: Schedule, site: str, row: Earlier, named: Named) -> None:
    """Alone, the constraint is in the way until the day it frees and not on it."""
    every = {p.because.source for p in instance.primitives}
    alone = lifted(instance, site, every - {named.source})
    lighthouse = instance.lighthouse
    assert lighthouse is not None
    live = schedule.sites[lighthouse].go_live.toordinal()
    days = instance.candidates if site == lighthouse else instance.wave_table(live).days
    later = [date.fromordinal(d) for d in days if d > row.day.toordinal()]
    free = next((d for d in later if is_let_in(alone, schedule, site, d)), None)
    assert named.free_on == free, (site, row.wave, named)


@st.composite
def harder(draw: st.DrawFn) -> dict[str, str]:
    """Small programmes with every kind of constraint."""
    rest = draw(programmes())
    if draw(st.booleans()):
        rest += "limits: [{id: per-country, same: country, max: 1}, {id: per-line, same: labels.line, max: 2}]\n"
    if draw(st.booleans()):
        rest += "blackouts: [{id: x, from: 2026-12-20, to: 2027-01-10, where: {id: [b, d]}}]\n"
    if draw(st.booleans()):
        rest += "activities: {install: {title: Install, starts: T-14, takes: 14d, needs: {crew: 1}}}\n"
    if draw(st.booleans()):
        rest += "prerequisites: {p: {title: P, takes: 60d, needs: {crew: 1}, where: {id: [c, d]}}}\n"
    files = {
        **sites("a", *NAMES, extra="labels: {line: wet}\n"),
        **plan_file(rest, draw(st.sampled_from(["1", "2-3", "[1, 3]"]))),
        "waves/_teams.yaml": f"teams: {{crew: {{people: {draw(st.integers(1, 2))}}}}}\n",
    }
    if draw(st.booleans()):
        files["waves/v/plan.yaml"] = files["waves/v/plan.yaml"].replace("wednesday]", "wednesday], per_day: 1")
    for site in draw(st.sets(st.sampled_from(NAMES), max_size=2)):
        files[f"sites/{site}.yaml"] += "value: 3\n"
    return files


@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(harder())
def test_lifting_all_that_is_named_lets_it_in_and_all_but_one_does_not(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    root = tmp_path_factory.mktemp("p")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    made = sequence(programme, programme.plans["v"], TODAY)
    for site in made.schedule.sites:
        explained = explain(made.instance, made.schedule, site, HERE)
        assert [row.wave for row in explained.earlier] == sorted(row.wave for row in explained.earlier)
        for row in (*explained.earlier, *([explained.within] if explained.within else [])):
            if row.wave == 0 and site != made.instance.lighthouse:
                assert [named.name for named in row.blocked_by] == ["lighthouse"]
                continue
            assert_exact(made.instance, made.schedule, site, row)
            for named in row.blocked_by[:2]:
                if site != made.instance.lighthouse:
                    assert_frees(made.instance, made.schedule, site, row, named)


# --- by hand


def because(name: str, at: str = "") -> Because:
    return Because(name, f"says {name}", HERE / (at or name))


def small(*primitives: Primitive, weights: dict[str, float] | None = None, fixed: tuple[str, ...] = ()) -> Instance:
    """Sites a (the lighthouse), b, c, d; every Tuesday of 2027 from March on; no soak."""
    jobs = {
        name: Job(name, weight=(weights or {}).get(name, 1.0), fixed=DAY if name in fixed else None) for name in "abcd"
    }
    return Instance(
        as_of=DAY - 30,
        every="month",
        weekdays=tuple(range(DAY, DAY + 250, 7)),
        lighthouse="a",
        jobs=jobs,
        primitives=primitives,
    )


APRIL, MAY, JUNE = (date(2027, month, day) for month, day in ((4, 6), (5, 4), (6, 1)))


def dated(instance: Instance, **days: date) -> Schedule:
    days = {"a": date.fromordinal(DAY), **days}
    table = instance.wave_table(DAY)
    placed = {
        s: Placement.model_construct(wave=0 if s == "a" else table.wave(d.toordinal()), go_live=d)
        for s, d in days.items()
    }
    return Schedule.model_construct(made=None, sites=placed, prerequisites={}, unplaced={})


def row_of(explained: Explained, wave: int) -> Earlier:
    return next(row for row in explained.earlier if row.wave == wave)


def test_two_primitives_of_one_line_are_one_constraint() -> None:
    closed = (Stretch(0, JUNE.toordinal() - 1),)
    one, two = Window(("b",), closed, because("x", "line")), Window(("b",), closed, because("y", "line"))
    instance = small(one, two)
    found = Others(instance, {"a": DAY}).reasons("b", APRIL.toordinal())
    assert [b.name for b in found] == ["x"]
    (named,) = row_of(explain(instance, dated(instance, b=JUNE), "b", HERE), 1).blocked_by
    assert (named.name, named.message, named.free_on) == ("x, y", "says x; says y", JUNE)


@pytest.mark.parametrize(
    ("primitive", "says"),
    [
        (After("b", "c", 30, because("after c")), "c goes live on 4 May 2027"),
        (After("c", "b", -20, because("near")), ""),
        (After("c", "b", 60, because("before c")), "c goes live on 4 May 2027, and could not before 5 Jun 2027"),
        (Same(("b", "c"), because("together")), "c is in wave 2"),
        (Apart(("b", "d"), because("apart")), "d is in wave 1"),
        (Window(("b",), (Stretch(0, DAY + 99),), because("x")), ""),
        (Window(("b",), (), because("pin"), waves=(2, 3)), ""),
        (
            Window(("b",), (Stretch(0, DAY, "holiday"), Stretch(DAY + 1, DAY + 99, "weekend")), because("calendar")),
            "weekend",
        ),
        (
            Resource("w", "wave", (1,), dict.fromkeys("bcd", (Demand(),)), because("wave size")),
            "1 of 1 taken in wave 1: d, not worth less",
        ),
        (
            Resource("h", "day", (1,), dict.fromkeys("bcd", (Demand(1, 0, 20),)), because("hypercare")),
            "1 of 1 taken on 6 Apr 2027: d, not worth less; full on 21 days it would use",
        ),
        (
            Resource("t", "week", (3,), dict.fromkeys("bd", (Demand(2, -3, 3),)), because("team crew")),
            "needs 2, 2 of 3 taken in the week of 29 Mar 2027: d, not worth less; full on 2 weeks it would use",
        ),
        (
            Resource("t", "wave", (2,), {"b": (Demand(),)}, because("shared"), taken={1: 2}),
            "2 of 2 taken in wave 1: 2 by plans of higher rank",
        ),
    ],
)
def test_each_primitive_blocks_and_says_how(primitive: Primitive, says: str) -> None:
    instance = small(primitive)
    others = Others(instance, {"a": DAY, "c": MAY.toordinal(), "d": APRIL.toordinal()})
    day = APRIL.toordinal()
    is_far = isinstance(primitive, After) and primitive.lag < 0
    assert [p.because.name for p in others.hits("b", day)] == ([] if is_far else [primitive.because.name])
    assert is_far or others.detail(primitive, "b", day) == says


def test_work_that_ends_on_a_sunday_takes_nothing_of_the_next_week() -> None:
    team = Resource("t", "week", (1,), dict.fromkeys("bd", (Demand(1, 0, 5),)), because("team crew"))
    for begun, names in ((13, []), (6, ["team crew"])):
        others = Others(small(team), {"a": DAY, "d": date(2027, 4, begun).toordinal()})
        assert [p.because.name for p in others.hits("b", APRIL.toordinal())] == names


def test_what_happened_neither_blocks_nor_is_blocked() -> None:
    order = After("c", "b", 60, because("before c"))
    instance = small(order, Window(("c",), (Stretch(0, DAY + 99),), because("x")), fixed=("c",))
    assert Others(instance, {"a": DAY}).reasons("c", DAY + 35) == ()
    assert Others(instance, {"a": DAY}).reasons("b", DAY + 35) == ()


def test_an_open_wave_that_would_be_better_was_kept_free() -> None:
    sized = Resource("wave size", "wave", (4,), dict.fromkeys("bcd", (Demand(),)), because("wave size"), wished=(2,))
    instance = small(sized)
    kept = dated(instance, b=APRIL, c=APRIL, d=MAY)
    row = row_of(explain(instance, kept, "d", HERE), 1)
    assert (row.verdict, row.blocked_by) == ("free", ())
    assert "`rollout plan --afresh` would use it" in row.says
    both = dated(small(sized), b=MAY, c=MAY, d=JUNE)
    assert Objective(Others(instance, {s: p.go_live.toordinal() for s, p in both.sites.items()})).under_minimum() == 2


def test_worth_less_names_the_wave_left_short() -> None:
    sized = Resource("wave size", "wave", (4,), dict.fromkeys("bcd", (Demand(),)), because("wave size"), wished=(1, 2))
    instance = small(sized)
    row = row_of(explain(instance, dated(instance, b=APRIL, c=MAY, d=MAY), "d", HERE), 1)
    assert (row.verdict, row.blocked_by) == ("worth less", ())
    assert row.says == "worth less: nothing is in the way, but wave 2 would be left with 1 of the 2 sites wished for"


def test_a_wish_against_it_is_worth_less_and_no_weight_is_a_tie() -> None:
    instance = small(Prefer("d", "b", because("wish")), weights={"c": 0.0})
    days = dated(instance, b=MAY, c=JUNE, d=JUNE)
    row = row_of(explain(instance, days, "d", HERE), 1)
    assert (row.verdict, row.says) == ("worth less", "worth less: against a wish, says wish")
    assert row_of(explain(instance, days, "c", HERE), 1).verdict == "tie"


def test_the_day_of_whoever_it_would_rather_follow_is_against_the_wish() -> None:
    # As the search counts it: nobody could say which of the two was first.
    instance = small(Prefer("d", "b", because("wish")))
    row = row_of(explain(instance, dated(instance, b=APRIL, c=MAY, d=MAY), "d", HERE), 1)
    assert (row.day, row.verdict, row.says) == (APRIL, "worth less", "worth less: against a wish, says wish")


def test_the_lighthouse_is_told_which_pins_its_day_would_break() -> None:
    pinned = Window(("b",), (), because("pin"), waves=(3, 3))
    instance = replace(small(pinned), soak=10)
    placed = {"a": Placement(wave=0, go_live=APRIL), "b": Placement(wave=3, go_live=date(2027, 7, 6))}
    schedule = Schedule.model_construct(made=None, sites=placed, prerequisites={}, unplaced=dict.fromkeys("cd", ""))
    row = explain(instance, schedule, "a", HERE).earlier[0]
    assert [named.name for named in row.blocked_by] == ["pin"]
    assert_exact(instance, schedule, "a", row)


# --- through files


def answered(root: Path, site: str, as_of: date = TODAY) -> tuple[Explained, Programme, PlanFolder]:
    programme = loaded(root)
    folder = programme.plans["v"]
    made = sequence(programme, folder, as_of)
    return explain(made.instance, made.schedule, site, folder.plan.source), programme, folder


def test_the_chain_leads_through_sites_and_the_soak_to_the_work_at_the_lighthouse(programme_folder: Write) -> None:
    rest = "constraints: {b: {after: c, lag: 4w, because: shared crew}}\n"
    explained, *_ = answered(programme_folder({**sites("a", "b", "c"), **plan_file(rest)}), "b")
    assert [(link.job, link.because.name, link.decides) for link in explained.chain] == [
        ("b", "after c", True),
        ("c", "gate wave-1", True),
        ("a", "work before go-live", True),
    ]
    first = explained.chain[0]
    assert first.because.message == "b goes live 28 days after c (shared crew)"
    assert "c goes live on 16 Dec 2026; 28 days later is 13 Jan 2027" in first.because.detail
    assert "Survey (30d)" in explained.chain[2].because.message


def test_a_site_that_goes_a_day_after_another_is_told_its_day_alone(programme_folder: Write) -> None:
    rest = "constraints: {b: {after: c}}\n"
    explained, *_ = answered(programme_folder({**sites("a", "b", "c"), **plan_file(rest)}), "b")
    assert explained.chain[0].because.detail == "c goes live on 16 Dec 2026"


def test_the_chain_goes_through_prerequisites_and_names_the_team_they_wait_for(programme_folder: Write) -> None:
    rest = """\
prerequisites:
  p: {title: P, takes: 60d, needs: {crew: 1}}
  q: {title: Q, takes: 90d, needs: {crew: 1}, where: {id: b}}
"""
    files = {**sites("a", "b", "c"), **plan_file(rest), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    explained, *_ = answered(programme_folder(files), "b")
    assert [link.job for link in explained.chain] == ["b", "q"]
    assert explained.chain[0].because.name == "prerequisite q"
    assert (explained.chain[1].decides, explained.chain[1].then) == (False, ("team crew",))


def test_together_leads_to_what_binds_the_other(programme_folder: Write) -> None:
    rest = "together: [[b, c]]\nconstraints: {c: {not_before: 2027-02-01}}\n"
    explained, *_ = answered(programme_folder({**sites("a", "b", "c"), **plan_file(rest)}), "b")
    assert [(link.job, link.because.name) for link in explained.chain] == [("b", "together"), ("c", "not_before")]


def test_a_site_without_a_day_is_asked_about_for_every_wave(programme_folder: Write) -> None:
    rest = "constraints: {b: {wave: 1}, c: {wave: 1}, d: {wave: 1, because: audit}}\n"
    explained, *_ = answered(programme_folder({**sites("a", "b", "c", "d"), **plan_file(rest)}), "d")
    assert (explained.state, explained.go_live) == ("unplaced", None)
    assert explained.reason.startswith("cannot hold together: b is pinned")
    assert [n.name for n in row_of(explained, 1).blocked_by] == ["wave size"]
    assert [(n.name, n.free_on) for n in row_of(explained, 2).blocked_by] == [("pin", None)]


def test_sites_that_are_live_or_paused_get_a_sentence(programme_folder: Write) -> None:
    files = {
        **sites("a", "b", "c"),
        **plan_file(),
        "waves/v/records/a.yaml": "- {status: live, on: 2026-11-04, by: A}\n",
        "waves/v/records/b.yaml": "- {status: paused, on: 2026-09-01, by: A}\n",
    }
    root = programme_folder(files)
    live, *_ = answered(root, "a", date(2026, 11, 10))
    assert live.headline() == "a went live on Wed 4 Nov 2026: what has happened is fixed"
    paused, *_ = answered(root, "b", date(2026, 11, 10))
    assert paused.headline() == "b has no day: paused since 1 Sep 2026"
    assert not live.earlier and not paused.earlier


def test_an_earlier_day_that_became_free_is_said_to_be_kept(programme_folder: Write) -> None:
    files = {**sites("a", "b", "c"), **plan_file("constraints: {b: {not_before: 2027-03-01}}\n")}
    programme = loaded(programme_folder(files))
    made = sequence(programme, programme.plans["v"], TODAY)
    files |= plan_file()
    programme = loaded(programme_folder(files))
    instance = sequence(programme, programme.plans["v"], TODAY).instance
    explained = explain(instance, made.schedule, "b", HERE)
    assert [row.verdict for row in explained.earlier] == ["blocked", "free", "free", "free"]
    assert "the published dates were kept" in row_of(explained, 1).says


@pytest.mark.parametrize(("site", "wave"), [("b", 1), ("b", 2), ("c", 1), ("c", 3), ("d", 3), ("e", 1), ("e", 2)])
def test_the_price_of_a_wave_is_that_of_a_lawful_repair(programme_folder: Write, site: str, wave: int) -> None:
    rest = "constraints: {c: {after: b, lag: 2w}}\n"
    programme = loaded(programme_folder({**sites("a", "b", "c", "d", "e"), **plan_file(rest)}))
    folder = programme.plans["v"]
    made = sequence(programme, folder, TODAY)
    cost = cost_of(programme, folder, made.schedule, made.instance, site, wave)
    assert not cost.refused
    repaired = pin(programme, folder, made.schedule, site, wave)
    assert check_schedule(pinned_instance(programme, folder, repaired, site, wave), repaired, "s") == []
    assert repaired.sites[site].wave == wave
    changed = {s for s in repaired.sites if repaired.sites[s] != made.schedule.sites[s]}
    assert {move.site for move in cost.moves} == changed
    for move in cost.moves:
        assert move.after is not None
        assert (move.after.wave, move.after.go_live) == (
            repaired.sites[move.site].wave,
            repaired.sites[move.site].go_live,
        )
    assert cost.last_go_live == (made.schedule.last_go_live, repaired.last_go_live)
    days = {s: p.go_live for s, p in made.schedule.sites.items()}
    change = sum((repaired.sites[s].go_live - days[s]).days * made.instance.jobs[s].weight for s in days)
    assert cost.weighted_days == pytest.approx(change, abs=0.06)
    assert not cost.is_exact or changed <= {site}


@pytest.mark.parametrize(
    ("site", "wave", "says"),
    [
        ("b", 0, "wave 0 is the lighthouse's alone, and that is a"),
        ("a", 2, "it is the lighthouse"),
        ("c", 1, "c is pinned to wave 1; c goes live on 1 Feb 2027 or later (X)"),
        ("d", 1, "it is paused since 1 Sep 2026"),
    ],
)
def test_a_wave_that_cannot_be_is_refused_with_the_reason(
    programme_folder: Write, site: str, wave: int, says: str
) -> None:
    files = {**sites("a", "b", "c", "d"), **plan_file("constraints: {c: {not_before: 2027-02-01, because: X}}\n")}
    files["waves/v/records/d.yaml"] = "- {status: paused, on: 2026-09-01, by: A}\n"
    programme = loaded(programme_folder(files))
    folder = programme.plans["v"]
    made = sequence(programme, folder, TODAY)
    cost = cost_of(programme, folder, made.schedule, made.instance, site, wave)
    assert [s for s, _ in cost.refused] == [site]
    assert says in cost.refused[0][1]
