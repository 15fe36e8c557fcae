"""The forecast: nothing open gives the plan, delays follow the published order, and lists and arrays say the same."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.forecast import Forecast, Histogram, Outlook, Spread, parse_spread
from rollout.model.programme import Programme
from rollout.model.schedule import Schedule
from rollout.problem import RolloutError
from rollout.sequence import forecast as room
from rollout.sequence.columns import Lists, stream
from rollout.sequence.experience import learnt
from rollout.sequence.forecast import forecast
from tests.conftest import TODAY, Write, loaded

REPOSITORY = Path(__file__).parents[2]
NOTHING = "activities: {}\ngates: {}\n"
SURVEY = "activities: {survey: {title: Survey, starts: T-60, takes: 40d}}\ngates: {}\n"
MADE = "made: {as_of: 2026-10-01, engine: core, outcome: feasible}\n"


def files(schedule: str, rest: str = "lighthouse: a\n", preset: str = NOTHING, names: str = "abc") -> dict[str, str]:
    found = {f"sites/{name}.yaml": f"name: {name}\ncountry: FR\nsponsor: {{name: A}}\n" for name in names}
    head = "name: V\nwork_from: 2026-10-05\nwaves: {size: 9, go_live: {on: [tuesday, wednesday]}}\n"
    return {
        **found,
        "waves/v/plan.yaml": head + rest,
        "waves/v/schedule.yaml": MADE + schedule,
        "templates/presets/standard@1.yaml": preset,
    }


def always(percent: float) -> Spread:
    """A duration that is certain."""
    return Spread(percent, percent, percent)


def foreseen(programme: Programme, as_of: date = TODAY, **options: object) -> Forecast:
    folder = programme.plans["v"]
    assert folder.schedule is not None
    return forecast(programme, folder, folder.schedule, as_of, **{"runs": 20, "columns": Lists(), **options})  # type: ignore[arg-type]  # of any kind


def p80(found: Forecast) -> dict[str, date]:
    return {outlook.id: outlook.p80 for outlook in (*found.sites, *found.prerequisites, found.end)}


DELIVERED = """\
sites: {a: {wave: 0, go_live: 2026-10-20}, b: {wave: 1, go_live: 2026-11-03}}
prerequisites: {p: {starts: 2026-10-05, ready: 2026-10-19}}
"""


def test_a_late_prerequisite_moves_what_waits_for_it_to_its_next_lawful_day(programme_folder: Write) -> None:
    rest = "lighthouse: a\nprerequisites: {p: {title: P, takes: 10wd}}\n"
    plan = files(DELIVERED, rest, names="ab")
    found = foreseen(loaded(programme_folder(plan)), spread=always(150))
    assert p80(found) == {  # fifteen working days from 5 October, then the first Tuesday
        "p": date(2026, 10, 26),
        "a": date(2026, 10, 27),
        "b": date(2026, 11, 3),
        "end": date(2026, 11, 3),
    }
    assert {o.id: o.critical for o in (*found.sites, *found.prerequisites)} == {"p": 0, "a": 0, "b": 1}
    plan["waves/v/plan.yaml"] += "blackouts: [{id: x, from: 2026-10-25, to: 2026-11-04}]\n"
    found = foreseen(loaded(programme_folder(plan)), spread=always(150))
    assert p80(found)["a"] == date(2026, 11, 10)
    assert p80(found)["b"] == date(2026, 12, 1)  # the wave after the lighthouse's month
    assert {o.id: o.critical for o in (*found.sites, *found.prerequisites)} == {"p": 1, "a": 1, "b": 1}
    assert "plan for 1 Dec 2026 to be 80 % sure" in found.sentence


def test_a_prerequisite_in_calendar_days_and_one_behind_another(programme_folder: Write) -> None:
    rest = "prerequisites: {p: {title: P, takes: 8d}, q: {title: Q, takes: 5wd, depends_on: p}}\n"
    schedule = """\
sites: {a: {wave: 1, go_live: 2026-10-20}}
prerequisites: {p: {starts: 2026-10-05, ready: 2026-10-13}, q: {starts: 2026-10-13, ready: 2026-10-20}}
"""
    found = foreseen(loaded(programme_folder(files(schedule, rest, names="a"))), spread=always(150))
    # 12 days to Saturday 17 October, so Monday; 7.5 working days, rounded to 8, from there
    assert p80(found)["p"] == date(2026, 10, 19)
    assert p80(found)["q"] == date(2026, 10, 29)
    assert p80(found)["a"] == date(2026, 11, 3)
    assert [o.critical for o in found.prerequisites] == [1, 1]


def test_preparation_is_late_only_beyond_its_slack(programme_folder: Write) -> None:
    programme = loaded(
        programme_folder(files("sites: {a: {wave: 0, go_live: 2027-02-02}}\n", preset=SURVEY, names="a"))
    )
    for percent, day in ((150, date(2027, 2, 2)), (160, date(2027, 2, 9)), (175, date(2027, 2, 16))):
        assert p80(foreseen(programme, spread=always(percent)))["a"] == day, percent


def test_a_chain_of_work_is_late_as_a_whole(programme_folder: Write) -> None:
    chain = "{x: {title: X, starts: T-60, takes: 20d}, y: {title: Y, starts: T-40, takes: 30d, depends_on: x}}"
    preset = f"activities: {chain}\ngates: {{}}\n"  # fifty days with ten to spare
    programme = loaded(
        programme_folder(files("sites: {a: {wave: 0, go_live: 2027-02-02}}\n", preset=preset, names="a"))
    )
    for percent, day in ((120, date(2027, 2, 2)), (125, date(2027, 2, 9))):
        assert p80(foreseen(programme, spread=always(percent)))["a"] == day, percent


def test_work_that_was_requested_counts_from_that_day_and_work_done_counts_no_more(programme_folder: Write) -> None:
    plan = files("sites: {a: {wave: 0, go_live: 2027-02-02}}\n", preset=SURVEY, names="a")
    plan["waves/v/records/a.yaml"] = "- {item: survey, state: requested, on: 2026-12-14, by: A}\n"
    programme = loaded(programme_folder(plan))  # ten days to spare instead of twenty
    assert p80(foreseen(programme, spread=always(130)))["a"] == date(2027, 2, 9)
    plan["waves/v/records/a.yaml"] += "- {item: survey, state: done, on: 2027-01-20, by: A}\n"
    assert p80(foreseen(loaded(programme_folder(plan)), spread=always(300)))["a"] == date(2027, 2, 2)


def test_a_prerequisite_whose_day_has_come_is_ready(programme_folder: Write) -> None:
    rest = "lighthouse: a\nprerequisites: {p: {title: P, takes: 10wd}}\n"
    programme = loaded(programme_folder(files(DELIVERED, rest, names="ab")))
    for day, ready in ((date(2026, 10, 18), date(2026, 10, 26)), (date(2026, 10, 19), date(2026, 10, 19))):
        assert p80(foreseen(programme, day, spread=always(150)))["p"] == ready


def test_a_deadline_is_missed_rather_than_kept_by_magic(programme_folder: Write) -> None:
    rest = "lighthouse: a\nconstraints: {a: {deadline: 2027-02-03}}\n"
    plan = files("sites: {a: {wave: 0, go_live: 2027-02-02}}\n", rest, SURVEY, "a")
    assert p80(foreseen(loaded(programme_folder(plan)), spread=always(160)))["a"] == date(2027, 2, 9)


def test_sites_that_go_together_move_together(programme_folder: Write) -> None:
    schedule = """\
sites: {b: {wave: 1, go_live: 2026-10-27}, c: {wave: 1, go_live: 2026-10-20}}
prerequisites: {p: {starts: 2026-10-05, ready: 2026-10-26}}
"""
    rest = "together: [[b, c]]\nprerequisites: {p: {title: P, takes: 15wd, where: {id: b}}}\n"
    found = foreseen(loaded(programme_folder(files(schedule, rest, names="bc"))), spread=always(140))
    assert p80(found)["b"] == date(2026, 11, 3)
    assert p80(found)["c"] == date(2026, 11, 3)  # the first day of b's new month


def test_what_happened_is_certain_and_what_is_overdue_comes_today_at_the_earliest(programme_folder: Write) -> None:
    schedule = "sites: {a: {wave: 0, go_live: 2026-10-20}, b: {wave: 1, go_live: 2026-11-03}}\n"
    plan = files(schedule, preset=SURVEY, names="abd")
    plan["waves/v/records/a.yaml"] = "- {status: live, on: 2026-10-23, by: A}\n"
    found = foreseen(loaded(programme_folder(plan)), date(2026, 11, 5), spread=always(100))
    assert p80(found)["a"] == date(2026, 10, 23)
    assert p80(found)["b"] == date(2026, 11, 10)
    assert found.left_out == ("d",)
    assert found.table().notes[-1] == "Without a day, so not in it: d."


def test_without_any_day_there_is_nothing_to_foresee(programme_folder: Write) -> None:
    with pytest.raises(RolloutError, match="no site of the plan has a day"):
        foreseen(loaded(programme_folder(files("sites: {}\n"))))


def test_a_prerequisite_s_own_points_win_over_the_plan_s(programme_folder: Write) -> None:
    rest = "lighthouse: a\nprerequisites: {p: {title: P, takes: 10wd, at_worst: 20wd}}\nforecast: {spread: 100-100%}\n"
    found = foreseen(loaded(programme_folder(files(DELIVERED, rest, names="ab"))), runs=400)
    ready = found.prerequisites[0]
    # P80 of a triangle from 10 to 20 with its top at 10: 20 - 10 sqrt(0.2) = 15.5 working days
    assert ready.p80 in (date(2026, 10, 26), date(2026, 10, 27))
    assert ready.p50 == date(2026, 10, 22)  # 20 - 10 sqrt(0.5) = 12.9


@pytest.mark.parametrize("points", ["at_best: 11wd", "at_worst: 9wd", "at_worst: 20d"])
def test_points_that_make_no_sense_are_refused(programme_folder: Write, points: str) -> None:
    rest = f"prerequisites: {{p: {{title: P, takes: 10wd, {points}}}}}\n"
    _, problems = load_programme(Workspace(programme_folder(files(DELIVERED, rest))))
    assert any("at_best" in problem.message for problem in problems)


@pytest.mark.parametrize("text", ["90%", "101-130%", "90-99%", "0-130%", "90-130", "-90-130%"])
def test_a_spread_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="90-130%"):
        parse_spread(text)
    assert parse_spread("90-130%") == Spread(90, 100, 130)
    assert str(Spread(90, 100, 130)) == "90-130%"


def live(begun: str, ready: str | None, day: str) -> str:
    lines = [f"- {{status: preparing, on: {begun}, by: A}}", f"- {{status: live, on: {day}, by: A}}"]
    return "\n".join(lines + [f"- {{status: ready, on: {ready}, by: A}}"] * (ready is not None)) + "\n"


def test_three_actuals_replace_the_norm(programme_folder: Write) -> None:
    plan = files("sites: {d: {wave: 4, go_live: 2027-04-06}}\n", preset=SURVEY, names="abcd")
    plan["waves/v/records/a.yaml"] = live("2026-10-05", None, "2026-11-22")  # 48 of 40 days
    plan["waves/v/records/b.yaml"] = live("2026-10-05", "2026-11-30", "2027-01-05")  # 56: ready, then it waited
    two = learnt(programme := loaded(programme_folder(plan)), programme.plans["v"])
    assert (two.spread, two.sites) == (Spread(90, 100, 130), ())
    assert "2 of the 3" in two.says
    plan["waves/v/records/c.yaml"] = live("2026-10-05", None, "2026-11-10")  # 36
    three = learnt(programme := loaded(programme_folder(plan)), programme.plans["v"])
    assert three.spread == Spread(90, 120, 156)
    assert three.sites == ("a", "b", "c")
    assert three.says == "learnt from 3 sites, where preparation took 1.2 times as planned (0.9 to 1.4)"
    assert foreseen(programme, date(2027, 2, 1)).learnt_from == ("a", "b", "c")
    assert foreseen(programme, date(2027, 2, 1), spread=always(100)).learnt_from == ()


def test_luck_that_is_common_decides_for_all_sites_at_once(programme_folder: Write) -> None:
    schedule = "sites: {a: {wave: 1, go_live: 2027-02-02}, b: {wave: 1, go_live: 2027-02-02}}\n"
    tight = SURVEY.replace("40d", "55d")
    shares = []
    for common in (0, 100):
        plan = files(schedule, f"forecast: {{common: {common}}}\n", tight, "ab")
        found = foreseen(loaded(programme_folder(plan)), runs=300)
        shares.append([outlook.kept for outlook in (*found.sites, found.end)])
    apart, at_once = shares
    assert apart[2] < min(apart[:2])
    assert at_once[0] == at_once[1] == at_once[2] < 1


def test_draws_are_those_of_splitmix64() -> None:
    # the first numbers of the reference implementation with seed 0
    wanted = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert Lists().luck(0, 0, 3) == [(number >> 11) / 2**53 for number in wanted]
    assert Lists().luck(0, 1, 2) == Lists().luck(0, 0, 3)[1:]
    assert len({stream(seed, name) for seed in (1, 2, 11) for name in ("a", "1 a", "")}) == 9


def test_the_triangle_is_met_at_its_corners_and_its_median() -> None:
    percent = Lists().percent([0.0, 0.25, 0.625], Spread(90, 100, 130))
    assert percent[:2] == [90.0, 100.0]
    assert percent[2] == pytest.approx(130 - (0.375 * 40 * 30) ** 0.5)
    assert Lists().percent([0.0, 1.0 - 2**-53], Spread(80, 80, 80)) == [80.0, 80.0]


def test_quantiles_are_nearest_ranks() -> None:
    histogram = Histogram()
    histogram.add({10: 4, 11: 1})
    histogram.add({12: 5})
    assert [histogram.quantile(p).toordinal() for p in (40, 50, 51, 80, 100)] == [10, 11, 12, 12, 12]
    assert (histogram.until(9), histogram.until(10), histogram.until(12)) == (0, 4, 10)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = loaded(REPOSITORY)
    folder = programme.plans["vision"]
    assert folder.schedule is not None
    whole = forecast(programme, folder, folder.schedule, TODAY, runs=600, columns=Lists())
    monkeypatch.setattr(room, "_CELLS", 1)
    assert forecast(programme, folder, folder.schedule, TODAY, runs=600, columns=Lists()) == whole
    assert whole != forecast(programme, folder, folder.schedule, TODAY, runs=600, seed=2, columns=Lists())


def test_many_sites_are_shown_by_how_often_they_decide() -> None:
    def outlook(number: int) -> Outlook:
        return Outlook(id=f"s{number}", planned=TODAY, p50=TODAY, p80=TODAY, kept=1, critical=number / 100, wave=number)

    found = Forecast(
        plan="v", name="V", as_of=TODAY, runs=1, seed=1, spread=always(100), learnt="", learnt_from=(),
        end=outlook(0), sites=tuple(map(outlook, range(50))), prerequisites=(outlook(0),),
    )  # fmt: skip
    table = found.table()
    assert [row[0] for row in table.rows] == [*(f"s{n}" for n in range(10, 50)), "s0"]
    assert "The 40 most critical of 50 rows" in table.notes[1]
    assert len(found.json()["sites"]) == 50


edges = st.sampled_from(list(itertools.combinations("bcde", 2)))


@st.composite
def published(draw: st.DrawFn) -> tuple[str, str]:
    """Rest of a plan and a schedule that obeys it: days by hand, orders only where the days follow them."""
    weeks = {name: draw(st.integers(0, 8)) for name in "bcde"}
    day = {name: date.fromordinal(date(2027, 3, 2).toordinal() + 7 * week) for name, week in weeks.items()}
    orders: dict[str, str] = {}
    for first, later in draw(st.sets(edges, max_size=3)):
        gap = (day[later] - day[first]).days
        if gap > 0:
            orders[later] = f"{{after: {first}, lag: {draw(st.integers(0, gap))}d}}"
    together = [pair for pair in draw(st.sets(edges, max_size=1)) if day[pair[0]].month == day[pair[1]].month]
    rest = "lighthouse: a\nconstraints: {" + ", ".join(f"{k}: {v}" for k, v in sorted(orders.items())) + "}\n"
    rest += "together: [" + ", ".join(f"[{a}, {b}]" for a, b in together) + "]\n"
    rest += (
        "prerequisites: {p: {title: P, takes: 20wd, where: {id: [b, c]}}, q: {title: Q, takes: 9d, depends_on: p}}\n"
    )
    table = {} if not draw(st.booleans()) else {"blackouts": "[{id: x, from: 2027-04-01, to: 2027-04-05}]"}
    rest += "".join(f"{key}: {value}\n" for key, value in table.items())
    waves = {3: 1, 4: 2, 5: 3}
    rows = [f"{name}: {{wave: {waves[d.month]}, go_live: {d}}}" for name, d in day.items()]
    schedule = f"sites: {{a: {{wave: 0, go_live: 2027-01-12}}, {', '.join(rows)}}}\n"
    ready = "p: {starts: 2026-10-05, ready: 2026-11-02}, q: {starts: 2026-11-02, ready: 2026-11-11}"
    return rest, f"{schedule}prerequisites: {{{ready}}}\n"


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(published(), st.integers(0, 2**40), st.sampled_from([SURVEY, SURVEY.replace("40d", "58d"), NOTHING]))
def test_zero_spread_gives_the_plan_exactly_and_no_spread_pulls_in(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, str], seed: int, preset: str
) -> None:
    rest, schedule = drawn
    root = tmp_path_factory.mktemp("p")
    for path, text in files(schedule, rest, preset, "abcde").items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    programme, problems = load_programme(Workspace(root))
    assert not problems, problems
    exact = foreseen(programme, spread=parse_spread("100-100%"), seed=seed, runs=3)
    planned: Schedule | None = programme.plans["v"].schedule
    assert planned is not None
    assert {o.id: (o.planned, o.p50, o.p80, o.kept) for o in exact.sites} == {
        site: (p.go_live, p.go_live, p.go_live, 1) for site, p in planned.sites.items()
    }
    assert {o.id: (o.p50, o.p80) for o in exact.prerequisites} == {
        name: (r.ready, r.ready) for name, r in planned.prerequisites.items()
    }
    assert exact.end.p80 == planned.last_go_live
    wide = foreseen(programme, spread=Spread(70, 100, 190), seed=seed, runs=40)
    for outlook in (*wide.sites, wide.end):
        assert outlook.planned <= outlook.p50 <= outlook.p80
    assert all(outlook.p50 <= outlook.p80 for outlook in wide.prerequisites)
    assert wide.end.p80 >= max(outlook.p80 for outlook in wide.sites)
    assert wide == foreseen(programme, spread=Spread(70, 100, 190), seed=seed, runs=40)


@pytest.mark.parametrize("rest", ["", "forecast: {spread: 60-250%, common: 40}\n"])
def test_lists_and_arrays_say_the_same(programme_folder: Write, rest: str) -> None:
    pytest.importorskip("numpy", reason="numpy comes with the extra `exact`; without it there is one path only")
    from rollout.sequence.columns import Arrays

    programme = loaded(REPOSITORY)
    folder = programme.plans["vision"]
    if rest:
        schedule = """\
sites: {b: {wave: 1, go_live: 2026-12-01}, c: {wave: 1, go_live: 2026-12-08}, a: {wave: 2, go_live: 2027-01-05}}
prerequisites: {p: {starts: 2026-10-05, ready: 2026-10-26}, q: {starts: 2026-10-26, ready: 2026-11-16}}
"""
        rest += "together: [[b, c]]\nconstraints: {a: {after: c}}\n"
        rest += "prerequisites: {p: {title: P, takes: 15wd}, q: {title: Q, takes: 21d, depends_on: p, at_worst: 30d}}\n"
        programme = loaded(programme_folder(files(schedule, rest, SURVEY)))
        folder = programme.plans["v"]
    assert folder.schedule is not None
    lists, arrays = (
        forecast(programme, folder, folder.schedule, TODAY, runs=1500, seed=7, columns=columns)
        for columns in (Lists(), Arrays())
    )
    assert lists.json() == arrays.json()
    assert lists.end.kept < 1
