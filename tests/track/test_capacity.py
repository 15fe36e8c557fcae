"""The load of teams: counted by hand, and over exactly where the checker says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.check.schedule import check_schedule
from rollout.model.instance import Resource
from rollout.model.load import TeamLoads
from rollout.model.staffing import published
from rollout.problem import RolloutError
from rollout.sequence.plan import instance_of
from rollout.track.capacity import loads
from tests.conftest import TODAY, Write, loaded

REPOSITORY = Path(__file__).parents[2]
PLAN = """\
name: V
work_from: 2026-10-05
waves: {size: 9, go_live: {on: [tuesday, wednesday]}}
hypercare: {lasts: 10d, at_once: 1, needs: {desk: 1}}
prerequisites: {p: {title: P, takes: 8wd, needs: {crew: 2}}}
"""
FILES = {
    "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: A}\n",
    "sites/b.yaml": "name: B\ncountry: FR\nsponsor: {name: A}\n",
    "waves/v/plan.yaml": PLAN,
    "waves/_teams.yaml": "teams: {crew: {people: 3}, desk: {person_days: 2}, spare: {people: 1}}\n",
    "waves/v/schedule.yaml": """\
made: {as_of: 2026-10-01, engine: core, outcome: feasible}
sites: {a: {wave: 1, go_live: 2026-10-27}, b: {wave: 1, go_live: 2026-11-03}}
prerequisites: {p: {starts: 2026-10-05, ready: 2026-10-15}}
""",
    "templates/presets/standard@1.yaml": """\
activities: {install: {title: Install, starts: T-14, takes: 14d, needs: {crew: 1}}}
gates: {}
""",
}


def loads_of(root: Path, by: str = "week", team: str | None = None) -> TeamLoads:
    programme = loaded(root)
    folder = programme.plans["v"]
    assert folder.schedule is not None
    instance = instance_of(programme, folder, folder.schedule)
    return loads(programme, folder, instance, folder.schedule, by=by, team=team)  # type: ignore[arg-type]  # one of two


def by_week(found: TeamLoads) -> dict[str, dict[str, tuple[int, str]]]:
    return {t.team: {w.starts.isoformat(): (w.load, w.who()) for w in t.weeks if w.load} for t in found.teams}


def test_work_hypercare_and_prerequisites_are_counted_by_week(programme_folder: Write) -> None:
    found = loads_of(programme_folder(FILES))
    assert by_week(found) == {
        "crew": {
            "2026-10-05": (2, "p (2)"),
            "2026-10-12": (3, "a, p (2)"),  # p until Wednesday, a from Tuesday
            "2026-10-19": (2, "a, b"),
            "2026-10-26": (2, "a, b"),
            "2026-11-02": (1, "b"),
        },
        "desk": {"2026-10-26": (1, "a"), "2026-11-02": (2, "a, b"), "2026-11-09": (1, "b")},
        "hypercare": {"2026-10-26": (1, "a"), "2026-11-02": (2, "a, b"), "2026-11-09": (1, "b")},
    }
    assert [(t.team, t.unit, t.capacity) for t in found.teams] == [
        ("crew", "people", 3),
        ("desk", "person-days a week", 2),
        ("hypercare", "sites", 1),
    ]
    assert found.idle == ("spare",)
    assert [(team.team, week.starts) for team in found.teams for week in team.over] == [
        ("hypercare", date(2026, 11, 2))
    ]


def test_months_show_their_fullest_week_and_who_collides(programme_folder: Write) -> None:
    found = loads_of(programme_folder(FILES), "month")
    assert found.table().columns == ("team", "has", "Oct", "Nov", "mean")
    assert found.table().rows == (
        ("crew", "3", "3", "1", "67%"),
        ("desk", "2", "1", "2", "67%"),
        ("hypercare", "1", "1", "2!", "133%"),
    )
    assert found.grid().columns == ("team", "has", "Oct Nov", "mean")
    assert found.grid().rows[2] == ("hypercare", "1", "  1  2!", "133%")
    assert "hypercare is over, 2 of 1, 2 Nov 2026 to 8 Nov 2026: a, b" in found.table().notes
    assert found.table().notes[-1] == "Nothing is asked of spare."
    assert found.lines().rows[-1] == ("hypercare", "2026-11", "2", "1", "yes", "150")
    assert found.json()["teams"][2]["over"] == [
        {"week": "2026-11-02", "load": 2, "users": [{"id": "a", "amount": 1}, {"id": "b", "amount": 1}]}
    ]


def test_weeks_alike_are_one_row_and_one_team_can_be_asked_for(programme_folder: Write) -> None:
    found = loads_of(programme_folder(FILES), team="crew")
    assert found.table().rows == (
        ("crew", "5 Oct 2026", "11 Oct 2026", "2/3", "p (2)"),
        ("crew", "12 Oct 2026", "18 Oct 2026", "3/3", "a, p (2)"),
        ("crew", "19 Oct 2026", "1 Nov 2026", "2/3", "a, b"),
        ("crew", "2 Nov 2026", "8 Nov 2026", "1/3", "b"),
    )
    assert not found.is_over
    assert found.table().notes[-1] == "Nobody is over; without a reserve in some weeks: crew."
    assert loads_of(programme_folder(FILES), team="spare").idle == ("spare",)
    with pytest.raises(RolloutError, match="did you mean") as caught:
        loads_of(programme_folder(FILES), team="crow")
    assert caught.value.problems[0].code == "unknown-team"


def test_a_programme_of_years_has_a_row_for_each(programme_folder: Write) -> None:
    files = dict(FILES)
    files["waves/v/schedule.yaml"] = FILES["waves/v/schedule.yaml"].replace("2026-11-03", "2028-02-01")
    table = loads_of(programme_folder(files), "month").table()
    assert table.columns[:4] == ("team", "has", "year", "Jan")
    assert [row[:4] for row in table.rows] == [
        ("crew", "3", "2026", ""),
        ("crew", "3", "2028", "1"),
        ("desk", "2", "2026", ""),
        ("desk", "2", "2028", "1"),
        ("hypercare", "1", "2026", ""),
        ("hypercare", "1", "2028", "1"),
    ]


def test_what_other_plans_take_counts(programme_folder: Write) -> None:
    programme = loaded(programme_folder(FILES))
    folder = programme.plans["v"]
    assert folder.schedule is not None
    instance = instance_of(programme, folder, folder.schedule)
    week = date(2026, 10, 12).toordinal() // 7
    crew = next(p for p in instance.primitives if isinstance(p, Resource) and p.name == "team crew")
    shared = Resource(crew.name, "week", crew.capacity, crew.demands, crew.because, taken={week: 1, week + 9: 2})
    object.__setattr__(instance, "primitives", tuple(shared if p is crew else p for p in instance.primitives))
    found = loads(programme, folder, instance, folder.schedule, by="week")
    assert by_week(found)["crew"]["2026-10-12"] == (4, "a, other plans, p (2)")
    assert by_week(found)["crew"]["2026-12-14"] == (2, "other plans (2)")
    assert found.is_over


@pytest.mark.parametrize(("team", "people"), [("support", 5), ("support", 3), ("integration", 4), ("vision", 3)])
def test_over_is_what_the_checker_finds(team: str, people: int) -> None:
    programme = loaded(REPOSITORY)
    folder = programme.plans["vision"]
    assert folder.schedule is not None
    teams = tuple(one.model_copy(update={"people": people}) if one.id == team else one for one in programme.teams.teams)
    object.__setattr__(programme, "teams", programme.teams.model_copy(update={"teams": teams}))
    instance = instance_of(programme, folder, folder.schedule)
    found = loads(programme, folder, instance, folder.schedule)
    said = " ".join(p.message for p in check_schedule(instance, folder.schedule, "s") if f"team {team}" in p.message)
    assert said
    over = {t.team: t.over for t in found.teams if t.over}
    assert list(over) == [team]
    assert f"the week of {over[team][0].starts}" in said


def test_the_example_is_over_nowhere() -> None:
    found = pipeline.capacity(REPOSITORY, TODAY)
    assert not found.is_over
    assert {team.team for team in found.teams} >= {"integration", "support", "hypercare"}


@pytest.mark.parametrize("engine", ["core", "exact"])
def test_a_team_that_is_ready_early_begins_what_comes_next(programme_folder: Write, engine: str) -> None:
    """Both want all of the crew: until evidence comes q waits for the week after the one in which p ends."""
    if engine == "exact":
        pytest.importorskip("ortools")
    plan = PLAN.replace(
        "takes: 8wd, needs: {crew: 2}}", "takes: 8wd, needs: {crew: 3}}, q: {title: Q, takes: 5wd, needs: {crew: 3}}"
    )
    root = programme_folder({**FILES, "waves/v/plan.yaml": plan})
    as_of = date(2026, 10, 8)

    def begins() -> date:
        return pipeline.plan(root, as_of, afresh=True, engine=engine).schedule.prerequisites["q"].starts

    assert begins() == date(2026, 10, 19)
    (root / "waves/v/records").mkdir()
    (root / "waves/v/records/_plan.yaml").write_text("- {evidence: p, at: docs/p.pdf, on: 2026-10-08, by: L}\n")
    assert begins() == date(2026, 10, 12)


@pytest.mark.parametrize(
    ("ready", "weeks"),
    [("2026-10-05", 0), ("2026-10-06", 1), ("2026-10-12", 1), ("2026-10-13", 2), ("2026-10-30", 2)],
)
def test_nobody_works_on_a_prerequisite_that_evidence_says_is_ready(
    programme_folder: Write, ready: str, weeks: int
) -> None:
    said = f"- {{evidence: p, at: docs/handover.pdf, on: {ready}, by: L}}\n"
    root = programme_folder({**FILES, "waves/v/records/_plan.yaml": said})
    found = loads_of(root, team="crew").teams[0].weeks
    assert sum(("p", 2) in week.users for week in found) == weeks
    programme = loaded(root)
    lower_plan = published(programme, programme.plans["v"], TODAY).load(frozenset({"crew"}))
    assert sum(lower_plan.values()) == sum(week.load for week in found)


def test_a_prerequisite_that_is_called_like_a_site_is_counted_beside_it(programme_folder: Write) -> None:
    named = {name: text.replace("{p:", "{a:") for name, text in FILES.items()}
    week = next(week for week in loads_of(programme_folder(named), team="crew").teams[0].weeks if week.load == 3)
    assert (week.starts, week.users) == (date(2026, 10, 12), (("a", 1), ("a", 2)))


def test_a_team_that_is_called_hypercare_is_not_the_limit_of_it(programme_folder: Write) -> None:
    named = {name: text.replace("desk", "hypercare") for name, text in FILES.items()}
    found = loads_of(programme_folder(named), team="hypercare")
    assert [(one.team, one.capacity, one.unit) for one in found.teams] == [
        ("team hypercare", 2, "person-days a week"),
        ("hypercare", 1, "sites"),
    ]
    assert found.idle == ()


def test_teams_that_answer_together_are_counted_as_each_of_them(programme_folder: Write) -> None:
    teams = "teams: {near: {person_days: 3, skills: [fit]}, far: {person_days: 4, skills: [fit]}}\n"
    plan = PLAN.replace(", needs: {desk: 1}", "").replace("needs: {crew: 2}", "staff: [{skill: fit}]")
    preset = {"templates/presets/standard@1.yaml": "activities: {}\ngates: {}\n"}
    found = loads_of(programme_folder({**FILES, **preset, "waves/v/plan.yaml": plan, "waves/_teams.yaml": teams}))
    assert [(one.team, one.capacity, one.unit) for one in found.teams] == [
        ("teams far + near", 7, "person-days a week"),
        ("hypercare", 1, "sites"),
    ]
