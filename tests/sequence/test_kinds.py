"""Kinds of constraint, each lowered from a plan and judged on dates made by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.check.schedule import check_schedule
from rollout.model.instance import Instance, Prefer, Resource, Window
from rollout.model.schedule import Made, Placement, Ready, Schedule
from rollout.problem import RolloutError
from rollout.sequence.lower import lower
from rollout.sequence.plan import sequence
from tests.conftest import TODAY, Write, loaded

BARE = {"templates/presets/standard@1.yaml": "activities: {}\n"}
LATE = date(2028, 1, 1)


def sites(*names: str, extra: str = "") -> dict[str, str]:
    return {f"sites/{name}.yaml": f"name: {name.title()}\ncountry: FR\nsponsor: {{name: A}}\n{extra}" for name in names}


def plan_file(rest: str = "", size: str = "9", name: str = "v") -> dict[str, str]:
    text = f"name: V\nwork_from: 2026-10-05\nlighthouse: a\nwaves: {{size: {size}, go_live: {{on: [tuesday, wednesday]}}}}\n{rest}"
    return {f"waves/{name}/plan.yaml": text, **BARE}


def instance(root: Path, plan: str = "v", as_of: date = TODAY) -> Instance:
    programme = loaded(root)
    return lower(programme, programme.plans[plan], as_of, LATE)


def schedule(found: Instance, **days: str) -> Schedule:
    live = {site: date.fromisoformat(day) for site, day in days.items()}
    first = found.jobs["a"].fixed
    table = found.wave_table(first if first is not None else live["a"].toordinal())
    return Schedule(
        made=Made(as_of=TODAY, outcome="feasible"),
        sites={
            site: Placement(wave=0 if site == "a" else table.wave(day.toordinal()), go_live=day)
            for site, day in sorted(live.items())
        },
    )


def broken(found: Instance, **days: str) -> list[str]:
    return [problem.message for problem in check_schedule(found, schedule(found, **days), "s")]


def resource(found: Instance, name: str) -> Resource:
    return next(p for p in found.primitives if isinstance(p, Resource) and p.name == name)


def test_a_size_in_percent_is_of_the_sites_that_get_a_wave(programme_folder: Write) -> None:
    files = {**sites(*"abcdefgh"), **plan_file(size="[1, 40%]")}
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-09-01, by: A}\n"
    files["waves/v/records/c.yaml"] = "- {status: paused, on: 2026-09-01, by: A}\n"
    found = resource(instance(programme_folder(files)), "wave size")
    assert found.capacity == (1, 2)  # 40% of b, d, e, f, g and h
    assert found.because.message == "at most 1, 2 (40% of 6) sites a wave"


def test_a_size_in_percent_is_planned_with(programme_folder: Write) -> None:
    programme = loaded(programme_folder({**sites(*"abcdefg"), **plan_file(size="50%")}))
    made = sequence(programme, programme.plans["v"], TODAY)
    assert check_schedule(made.instance, made.schedule, "s") == []
    assert {wave: len(rows) for wave, rows in made.schedule.waves().items()} == {0: 1, 1: 3, 2: 3}


NEIGHBOURS = "neighbours: [{sites: [b, c, d], within: 4w, because: one lorry}]\n"


def test_neighbours_are_close_to_each_other_whoever_is_first(programme_folder: Write) -> None:
    found = instance(programme_folder({**sites(*"abcd"), **plan_file(NEIGHBOURS)}))
    assert broken(found, a="2026-11-03", b="2026-12-01", c="2026-12-29", d="2026-12-15") == []
    said = "d on 2027-01-05 breaks neighbours: b, c, d go live within 28 days of each other (one lorry) "
    assert broken(found, a="2026-11-03", b="2026-12-01", c="2026-12-29", d="2027-01-05") == [
        f"{said.replace('d on 2027-01-05', 'b on 2026-12-01')}(free on 2026-12-08)"
    ]


def test_a_neighbour_that_is_live_counts_from_its_actual_day(programme_folder: Write) -> None:
    files = {**sites(*"abcd"), **plan_file(NEIGHBOURS)}
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-08-04, by: A}\n"
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-09-16, by: A}\n"
    found = instance(programme_folder(files))
    assert broken(found, c="2026-10-14", d="2026-10-13") == []
    assert broken(found, c="2026-10-20", d="2026-10-13") == [
        "c on 2026-10-20 breaks neighbours: b, c, d go live within 28 days of each other (one lorry) (after 14 Oct 2026)"
    ]


def test_a_paused_neighbour_holds_nobody(programme_folder: Write) -> None:
    files = {**sites(*"abcd"), **plan_file(NEIGHBOURS)}
    files["waves/v/records/b.yaml"] = "- {status: paused, on: 2026-09-01, by: A}\n"
    found = instance(programme_folder(files))
    assert broken(found, a="2026-11-03", c="2026-12-29", d="2027-01-05") == []


def test_a_lag_that_has_passed_holds_nothing_back(programme_folder: Write) -> None:
    files = {**sites(*"ab"), **plan_file("constraints: {b: {after: a, lag: 4w}}\n")}
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-08-04, by: A}\n"
    assert broken(instance(programme_folder(files)), b="2026-10-06") == []


def test_a_preference_is_a_wish(programme_folder: Write) -> None:
    rest = "constraints: {b: {prefer_after: [c, d], because: D teaches B}}\n"
    files = {
        **sites(*"abcd"),
        **plan_file(rest),
        "waves/v/records/c.yaml": "- {status: dropped, on: 2026-09-01, by: A}\n",
    }
    found = instance(programme_folder(files))
    wishes = [p for p in found.primitives if isinstance(p, Prefer)]
    assert [(p.job, p.before, p.because.message) for p in wishes] == [
        ("b", "d", "b would rather go live after d (D teaches B)")
    ]
    assert broken(found, a="2026-11-03", b="2026-12-01", d="2026-12-29") == []


@pytest.mark.parametrize(("same", "expected"), [("systems", {"m3": "bc", "sap": "bd"}), ("sponsor", {"A": "bcd"})])
def test_a_limit_counts_a_site_under_each_of_its_values(
    programme_folder: Write, same: str, expected: dict[str, str]
) -> None:
    files = {**sites(*"abcd"), **plan_file(f"limits: [{{id: one, same: {same}, max: 1}}]\n")}
    for site, systems in (("b", "[sap, m3, sap]"), ("c", "m3"), ("d", "sap")):
        files[f"sites/{site}.yaml"] += f"systems: {systems}\n"
    found = instance(programme_folder(files))
    limits = {p.name: "".join(p.demands) for p in found.primitives if isinstance(p, Resource) and "limit" in p.name}
    assert limits == {f"limit one {value}": sites for value, sites in expected.items()}


def test_a_blackout_by_the_day_of_the_month(programme_folder: Write) -> None:
    rest = "blackouts: [{id: close, from: -3, to: 5, every: month, where: {id: b}, because: books}]\n"
    found = instance(programme_folder({**sites("a", "b"), **plan_file(rest)}))
    assert broken(found, a="2026-11-03", b="2027-02-24") == []
    for day in ("2027-03-02", "2027-03-30", "2026-12-29"):
        assert broken(found, a="2026-11-03", b=day) == [
            f"b on {day} breaks blackout close: no go-live from day -3 to day 5 of every month (books) (blackout close)"
        ]


def test_a_window_by_the_day_of_the_quarter(programme_folder: Write) -> None:
    rest = "windows: [{id: first, from: 1, to: 10, every: quarter, where: {id: b}}]\n"
    programme = loaded(programme_folder({**sites("a", "b"), **plan_file(rest)}))
    made = sequence(programme, programme.plans["v"], TODAY)
    assert made.schedule.sites["b"].go_live == date(2027, 1, 5)


def test_a_window_is_told_where_it_stands_and_why(programme_folder: Write) -> None:
    rest = """\
windows:
  - {id: spring, from: 2027-03-01, to: 2027-03-31, where: {id: [b, c]}, because: before the audit}
  - {id: summer, from: 2027-06-01, to: 2027-06-30, where: {id: b}, because: the line stands still}
"""
    files = {**sites("a", "b", "c", "d"), **plan_file(rest)}
    files["sites/c.yaml"] += "windows: [{id: never, from: 2027-01-01, to: 2027-01-31, where: {id: b}}]\n"
    files["sites/d.yaml"] += "windows: [{id: mine, from: 2027-02-01, to: 2027-02-28}]\n"
    found = instance(programme_folder(files)).primitives
    told = {p.jobs[0]: p.because for p in found if isinstance(p, Window) and p.because.name.startswith("window ")}
    assert told["b"].message.endswith("(before the audit; the line stands still)")
    assert {job: (because.source.paths[0], because.source.keys) for job, because in told.items()} == {
        "b": ("waves/v/plan.yaml", ("windows",)),
        "c": ("waves/v/plan.yaml", ("windows", "spring")),
        "d": ("sites/d.yaml", ("windows", "mine")),
    }


HALT = "- {halt: recall, because: cameras recalled, resume_when: [firmware 2, audit passed], except: [b], on: 2026-12-01, by: A}\n"


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (HALT, "the programme is halted from 1 Dec 2026 (cameras recalled) (halt recall)"),
        (
            HALT.replace("except", "resumes: 2027-01-06, except"),
            "the programme is halted from 1 Dec 2026 until 6 Jan 2027",
        ),
        (HALT.replace("except", "resumes: 2026-12-15, except"), ""),
        (HALT + "- {resume: recall, on: 2026-12-01, by: A}\n", ""),
        (HALT + "- {resume: recall, on: 2026-11-30, by: A}\n", "halt recall"),
        (HALT + "- {resume: other, on: 2026-12-02, by: A}\n", "halt recall"),
        (HALT + HALT.replace("12-01", "12-04") + "- {resume: recall, on: 2026-12-02, by: A}\n", "from 4 Dec 2026"),
    ],
)
def test_nobody_goes_live_while_the_programme_is_halted(programme_folder: Write, records: str, says: str) -> None:
    files = {**sites(*"abc"), **plan_file(), "waves/v/records/_plan.yaml": records}
    found = instance(programme_folder(files))
    said = broken(found, a="2026-11-03", b="2026-12-16", c="2027-01-05" if "01-06" in records else "2026-12-16")
    assert len(said) == bool(says)
    assert all(message.startswith("c on ") and says in message for message in said)


def test_a_halted_plan_is_not_made_anew_and_names_the_work_in_flight(programme_folder: Write) -> None:
    files = {**sites(*"abcd"), **plan_file()}
    root = programme_folder(files)
    pipeline.plan(root, TODAY)
    before = (root / "waves/v/schedule.yaml").read_bytes()
    programme_folder(
        {
            "waves/v/records/_plan.yaml": "- {scale: go, because: proof, on: 2026-10-01, by: A}\n"
            + HALT.replace("2026-12-01", "2026-10-01"),
            "waves/v/records/b.yaml": "- {status: preparing, on: 2026-10-01, by: A}\n",
            "waves/v/records/d.yaml": "- {status: ready, on: 2026-10-01, by: A}\n",
        }
    )
    with pytest.raises(RolloutError) as error:
        pipeline.plan(root, TODAY)
    assert [str(problem) for problem in error.value.problems] == [
        "waves/v/records/_plan.yaml:2:10: halted: the programme is halted since 1 Oct 2026 (cameras recalled), until "
        "firmware 2; audit passed; in flight: b (preparing), d (ready); record `{resume: recall, on: …, by: …}` there, "
        "or say in the halt when it `resumes`"
    ]
    assert error.value.exit_code == 1
    assert (root / "waves/v/schedule.yaml").read_bytes() == before
    _, problems = pipeline.check_dates(root, TODAY)
    assert {problem.message.split(" ")[0] for problem in problems} == {"a", "c", "d"}
    programme_folder(
        {"waves/v/records/_plan.yaml": HALT.replace("except", "resumes: 2027-03-01, except").replace("12-01", "10-01")}
    )
    moved = pipeline.plan(root, TODAY).schedule
    assert min(moved.sites[site].go_live for site in "acd") >= date(2027, 3, 1)


CREW = """\
teams:
  crew: {people: 1, skills: [fitting]}
  films: {people: 2, skills: [fitting], languages: [fr]}
  law: {person_days: 3, skills: [fitting, law]}
"""


def test_teams_asked_for_by_name_alone_are_as_ever(programme_folder: Write) -> None:
    rest = "activities: {fit: {title: Fit, starts: T-7, takes: 7d, needs: {crew: 1, law: 2}}}\n"
    found = instance(programme_folder({**sites("a", "b"), **plan_file(rest), "waves/_teams.yaml": CREW}))
    names = [p.name for p in found.primitives if isinstance(p, Resource) and p.unit == "week"]
    assert names == ["team crew", "team law"]
    assert resource(found, "team law").because.message == "law has 3 person-days a week"


def test_a_skill_is_asked_of_all_who_have_it(programme_folder: Write) -> None:
    rest = """\
activities:
  fit: {title: Fit, starts: T-7, takes: 7d, staff: [{skill: fitting}], needs: {crew: 1}, where: {id: [b, c]}}
  teach: {title: Teach, starts: T-7, takes: 7d, staff: [{skill: fitting, speaks: site}], where: {id: d}}
"""
    files = {**sites("a", "b", "c", "d", extra="languages: [fr-CA]\n"), **plan_file(rest), "waves/_teams.yaml": CREW}
    found = instance(programme_folder(files))
    both = resource(found, "teams crew + films")
    assert (both.capacity, both.because.message) == ((3,), "crew (1) and films (2) have 3 people together")
    assert both.because.source.paths == ("waves/_teams.yaml",)
    assert {job: demands[0].amount for job, demands in both.demands.items()} == {"b": 2, "c": 2, "d": 1}
    assert list(resource(found, "team crew").demands) == ["b", "c"]
    assert list(resource(found, "team films").demands) == ["d"]
    assert broken(found, a="2026-11-03", b="2026-12-01", c="2027-01-05", d="2026-12-01") == []
    said = broken(found, a="2026-11-03", b="2026-12-01", c="2026-12-01", d="2026-12-01")
    assert any("breaks teams crew + films" in message and "5 of 3" in message for message in said)
    programme = loaded(programme_folder(files))
    made = sequence(programme, programme.plans["v"], TODAY)
    assert check_schedule(made.instance, made.schedule, "s") == []
    days = [made.schedule.sites[site].go_live for site in "bc"]
    assert abs((days[0] - days[1]).days) >= 7


def test_a_prerequisite_and_hypercare_may_ask_by_skill_too(programme_folder: Write) -> None:
    rest = """\
prerequisites: {p: {title: P, takes: 7d, staff: [{skill: law, people: 3}]}, q: {title: Q, takes: 7d, needs: {law: 1}}}
hypercare: {lasts: 7d, staff: [{skill: fitting, people: 3}]}
"""
    programme = loaded(programme_folder({**sites("a", "b", "c"), **plan_file(rest), "waves/_teams.yaml": CREW}))
    made = sequence(programme, programme.plans["v"], TODAY)
    assert check_schedule(made.instance, made.schedule, "s") == []
    assert made.schedule.prerequisites["p"].starts != made.schedule.prerequisites["q"].starts
    weeks = {placement.go_live.isocalendar()[:2] for placement in made.schedule.sites.values()}
    assert len(weeks) == 3


def published(prerequisites: str = "", **days: str) -> str:
    rows = "".join(f"  {site}: {{wave: {int(site != 'a')}, go_live: {day}}}\n" for site, day in days.items())
    return f"made: {{as_of: 2026-10-01, outcome: feasible}}\nsites:\n{rows}{prerequisites}"


RANKED = "plans: [u, v]\n" + CREW
FIT = "activities: {fit: {title: Fit, starts: T-7, takes: 7d, needs: {crew: 1}}}\n"


def test_a_plan_sees_what_higher_ranked_ones_take(programme_folder: Write) -> None:
    files = {**sites("a", "b"), **plan_file(FIT), **plan_file(FIT, name="u"), "waves/_teams.yaml": RANKED}
    files["waves/u/schedule.yaml"] = published(a="2026-11-10", b="2026-12-01")
    files["waves/u/records/a.yaml"] = "- {status: live, on: 2026-09-08, by: A}\n"
    root = programme_folder(files)
    crew = resource(instance(root), "team crew")
    monday = date(2026, 11, 23).toordinal()
    assert crew.taken == {(monday - 1) // 7: 1, (monday + 6) // 7: 1}
    assert crew.because.message == "crew has 1 person, less what u takes"
    assert resource(instance(root, "u"), "team crew").taken == {}
    assert len(broken(instance(root), a="2026-11-10", b="2026-12-02")) == 1
    assert broken(instance(root), a="2026-11-10", b="2026-12-15") == []


def test_a_skill_taken_above_leaves_less_of_each_team_below(programme_folder: Write) -> None:
    higher = "hypercare: {lasts: 7d, staff: [{skill: fitting, people: 3}]}\n"
    files = {**sites("a", "b"), **plan_file(FIT), **plan_file(higher, name="u"), "waves/_teams.yaml": RANKED}
    files["waves/u/schedule.yaml"] = published(b="2026-12-01")
    found = instance(programme_folder(files))
    assert resource(found, "team crew").taken == {}
    assert sorted(resource(found, "teams crew + films").taken.values()) == [3, 3]
    assert "breaks teams crew + films" in broken(found, a="2026-11-10", b="2026-12-02")[0]


def test_a_connector_that_several_plans_wait_for_is_built_once(programme_folder: Write) -> None:
    files = {**sites("a", "b"), **plan_file(), **plan_file(name="u"), "waves/_teams.yaml": RANKED}
    files["sites/b.yaml"] += "systems: [m3]\n"
    files["sites/_systems.yaml"] = "systems: {m3: {kind: erp, connector: {team: crew, takes: 10d}}}\n"
    ready = "prerequisites:\n  connector-m3: {starts: 2026-11-02, ready: 2026-11-12}\n"
    files["waves/u/schedule.yaml"] = published(ready, a="2026-11-10", b="2026-12-01")
    root = programme_folder(files)
    programme = loaded(root)
    made = sequence(programme, programme.plans["v"], TODAY)
    assert check_schedule(made.instance, made.schedule, "s") == []
    assert made.schedule.prerequisites["connector-m3"] == Ready(starts=date(2026, 11, 2), ready=date(2026, 11, 12))
    assert not [p for p in made.instance.primitives if isinstance(p, Resource) and p.unit == "week"]
    assert pipeline.plan(root, TODAY, "v").schedule.prerequisites == made.schedule.prerequisites
    assert [p.code for p in pipeline.validate(root, TODAY).problems] == []
