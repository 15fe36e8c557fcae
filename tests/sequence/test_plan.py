"""Every plan is lawful, ends as early as any can where it says so, and names what it could not place."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.check.schedule import check_schedule
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.instance import Instance
from rollout.model.schedule import Placement, Schedule
from rollout.sequence.plan import Sequenced, instance_of, sequence
from tests.conftest import TODAY, Write, loaded

SPONSOR = "sponsor: {name: A}\n"


def sites(*names: str, extra: str = "") -> dict[str, str]:
    return {f"sites/{name}.yaml": f"name: {name.title()}\ncountry: FR\n{SPONSOR}{extra}" for name in names}


def plan_file(rest: str = "", size: str = "2", activities: str = "") -> dict[str, str]:
    text = f"name: V\nwork_from: 2026-10-05\nlighthouse: a\nwaves: {{size: {size}, go_live: {{on: [tuesday, wednesday]}}}}\n{rest}"
    return {"waves/v/plan.yaml": text, "templates/presets/standard@1.yaml": activities or BARE}


BARE = """\
activities: {survey: {title: Survey, starts: T-60, takes: 30d}}
gates: {wave-1: {on: T-28, needs: [{evidence: survey, at: lighthouse}]}}
"""


def solved(root: Path, as_of: date = TODAY, keep: Schedule | None = None) -> Sequenced:
    programme = loaded(root)
    made = sequence(programme, programme.plans["v"], as_of, keep)
    assert check_schedule(made.instance, made.schedule, "s") == []
    return made


def waves(made: Sequenced) -> dict[str, int]:
    return {site: placement.wave for site, placement in made.schedule.sites.items()}


def test_the_lighthouse_is_first_and_alone_and_the_soak_is_kept(programme_folder: Write) -> None:
    made = solved(programme_folder({**sites("a", "b", "c"), **plan_file()}))
    assert waves(made) == {"a": 0, "b": 1, "c": 1}
    live = {site: placement.go_live for site, placement in made.schedule.sites.items()}
    assert live["a"] == date(2026, 11, 4)  # thirty days of survey from 5 October, then the first Wednesday
    assert min(live["b"], live["c"]) == date(2026, 12, 16)  # lessons after 14 days, gate 28 days before wave 1
    assert made.schedule.made.outcome == "optimal"


def test_a_wave_is_numbered_by_its_period_even_when_another_is_empty(programme_folder: Write) -> None:
    rest = "constraints: {b: {not_before: 2027-03-01}, c: {not_before: 2027-03-01}}\n"
    assert waves(solved(programme_folder({**sites("a", "b", "c"), **plan_file(rest)}))) == {"a": 0, "b": 4, "c": 4}


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("constraints: {b: {after: c}}\n", {"b": 2, "c": 1, "d": 1}),
        ("constraints: {b: {after: c, lag: 30d}}\n", {"b": 2, "c": 1, "d": 1}),
        ("constraints: {b: {after_exit: c}}\n", {"b": 2, "c": 1, "d": 1}),
        ("together: [[b, d]]\nconstraints: {d: {not_before: 2027-01-01}}\n", {"b": 2, "c": 1, "d": 2}),
        ("apart: [[b, c, d]]\n", {"b": 1, "c": 2, "d": 3}),
        ("constraints: {b: {wave: 2}}\n", {"b": 2, "c": 1, "d": 1}),
        ("constraints: {b: {go_live: 2027-02-09}}\n", {"b": 3, "c": 1, "d": 1}),
        ("constraints: {d: {deadline: 2026-12-31}, c: {deadline: 2026-12-31}}\n", {"b": 2, "c": 1, "d": 1}),
        ("blackouts: [{id: x, from: 2026-12-01, to: 2026-12-31}]\n", {"b": 1, "c": 1, "d": 2}),
        ("blackouts: [{id: x, from: 2026-12-01, to: 2026-12-31, where: {id: b}}]\n", {"b": 2, "c": 1, "d": 1}),
        ("windows: [{id: x, from: 2027-02-01, to: 2027-02-28, where: {id: c}}]\n", {"b": 1, "c": 3, "d": 1}),
        ("limits: [{id: one, same: country, max: 1}]\n", {"b": 1, "c": 2, "d": 3}),
        ("hypercare: {lasts: 28d, at_once: 1}\n", {"b": 1, "c": 2, "d": 3}),
    ],
)
def test_each_kind_of_constraint(programme_folder: Write, rest: str, expected: dict[str, int]) -> None:
    made = solved(programme_folder({**sites("a", "b", "c", "d"), **plan_file(rest)}))
    assert waves(made) == {"a": 0, **expected}
    assert made.schedule.made.outcome == "optimal"


def test_one_site_a_day_and_the_sites_own_days_off(programme_folder: Write) -> None:
    rest = "blackouts: [{id: x, from: 2026-12-01, to: 2026-12-25}]\n"
    files = {**sites("a", "b", "c"), **plan_file(rest)}
    files["waves/v/plan.yaml"] = files["waves/v/plan.yaml"].replace("wednesday]", "wednesday], per_day: 1")
    files["sites/b.yaml"] += "weekend: [tuesday]\nvalue: 9\n"
    files["sites/c.yaml"] += "value: 1\n"
    live = {s: p.go_live for s, p in solved(programme_folder(files)).schedule.sites.items()}
    assert (live["b"], live["c"]) == (date(2026, 12, 30), date(2026, 12, 29))


def test_a_minimum_is_met_by_moving_the_least_worth_site(programme_folder: Write) -> None:
    names = ("b", "c", "d", "e", "f", "g")
    files = {**sites("a", *names), **plan_file(size="3-4")}
    for number, name in enumerate(names):
        files[f"sites/{name}.yaml"] += f"value: {10 - number}\n"
    assert waves(solved(programme_folder(files))) == {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2, "f": 2, "g": 2}


def test_a_wave_that_is_live_counts_among_the_small_ones_also_where_nobody_comes_after(
    programme_folder: Write,
) -> None:
    files = {**sites("a", "b"), **plan_file(size="2-4")}
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-11-04, by: A}\n"
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-12-16, by: A}\n"
    assert solved(programme_folder(files), date(2026, 12, 21)).short == (1,)


@pytest.mark.parametrize("today", [date(2026, 12, 21), date(2027, 1, 4), date(2027, 2, 26)])
def test_a_wave_keeps_its_number_when_its_month_is_over(programme_folder: Write, today: date) -> None:
    rest = "constraints: {c: {not_before: 2027-03-01}, d: {wave: 5}}\nblackouts: [{id: x, from: 2027-01-01, to: 2027-01-31}]\n"
    files = {**sites(*"abcd"), **plan_file(rest)}
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-11-04, by: A}\n"
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-12-16, by: A}\n"
    made = solved(programme_folder(files), today)
    assert waves(made) == {"a": 0, "b": 1, "c": 3, "d": 5}
    assert made.schedule.sites["d"].go_live.month == 5


def test_waves_without_a_lighthouse_keep_their_numbers_too(programme_folder: Write) -> None:
    files = {**sites("b", "c"), **plan_file("constraints: {c: {not_before: 2027-03-01}}\n")}
    files["waves/v/plan.yaml"] = files["waves/v/plan.yaml"].replace("lighthouse: a\n", "")
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-11-04, by: A}\n"
    for today in (date(2026, 11, 10), date(2027, 1, 4)):
        assert waves(solved(programme_folder(files), today)) == {"b": 2, "c": 6}


def test_team_capacity_holds_by_week(programme_folder: Write) -> None:
    teams = "teams: {crew: {people: 1}}\n"
    rest = "activities: {install: {title: Install, starts: T-14, takes: 14d, needs: {crew: 1}}}\n"
    files = {**sites("a", "b", "c"), **plan_file(rest, size="9"), "waves/_teams.yaml": teams}
    live = sorted(p.go_live for p in solved(programme_folder(files)).schedule.sites.values())
    assert (live[2] - live[1]).days >= 14


def test_connectors_are_built_before_the_sites_that_need_them(programme_folder: Write) -> None:
    systems = "systems: {m3: {kind: erp, connector: {team: crew, takes: 25wd}}, sap: {kind: erp, connector: {live_since: 2026-01-01}}}\n"
    files = {
        **sites("a", "b"),
        **plan_file(),
        "sites/_systems.yaml": systems,
        "waves/_teams.yaml": "teams: {crew: {people: 1}}\n",
    }
    files["sites/b.yaml"] += "systems: [m3, sap]\n"
    made = solved(programme_folder(files))
    ready = made.schedule.prerequisites
    assert list(ready) == ["connector-m3"]
    assert (ready["connector-m3"].starts, ready["connector-m3"].ready) == (date(2026, 10, 5), date(2026, 11, 9))


def test_a_team_that_is_done_by_friday_begins_the_next_work_on_monday(programme_folder: Write) -> None:
    work = ", ".join(f"{name}: {{title: {name}, takes: 5wd, needs: {{crew: 1}}}}" for name in "pq")
    files = {**sites("a"), **plan_file(f"prerequisites: {{{work}}}\n")}
    files["waves/_teams.yaml"] = "teams: {crew: {people: 1}}\n"
    ready = solved(programme_folder(files)).schedule.prerequisites
    assert [ready[name].starts for name in "pq"] == [date(2026, 10, 5), date(2026, 10, 12)]


def test_what_happened_is_fixed_and_the_rest_keeps_its_days(programme_folder: Write) -> None:
    files = {**sites("a", "b", "c"), **plan_file()}
    first = solved(programme_folder(files)).schedule
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-11-06, by: A}\n"  # a Friday, two days late
    again = solved(programme_folder(files), date(2026, 11, 10), first)
    assert again.schedule.sites["a"].go_live == date(2026, 11, 6)
    assert again.schedule.sites["b"].go_live >= date(2026, 12, 18)
    assert again.schedule.sites["c"] != first.sites["c"] or again.schedule.sites["b"] != first.sites["b"]


@pytest.mark.parametrize(
    ("rest", "go_live", "lighthouse"),
    [
        ("hypercare: {lasts: 28d, at_once: 1}\n", "on: [tuesday, wednesday]", date(2026, 12, 1)),
        ("", "on: [tuesday, wednesday], per_day: 1", date(2026, 11, 4)),
    ],
)
def test_a_site_that_went_live_first_leaves_the_lighthouse_no_more_room_than_others(
    programme_folder: Write, rest: str, go_live: str, lighthouse: date
) -> None:
    files = {**sites("a", "b", "c"), **plan_file(rest)}
    files["waves/v/plan.yaml"] = files["waves/v/plan.yaml"].replace("on: [tuesday, wednesday]", go_live)
    files["waves/v/records/a.yaml"] = "- {item: survey, state: done, on: 2026-10-28, by: A}\n"
    files["waves/v/records/b.yaml"] = "- {status: live, on: 2026-11-03, by: A}\n"
    made = solved(programme_folder(files), date(2026, 11, 3))
    assert made.schedule.sites["a"].go_live == lighthouse


def test_a_kept_plan_moves_only_what_it_must(programme_folder: Write) -> None:
    files = {**sites("a", "b", "c", "d", "e"), **plan_file()}
    first = solved(programme_folder(files)).schedule
    files["waves/v/plan.yaml"] += (
        f"constraints: {{b: {{not_before: {first.sites['b'].go_live.replace(year=2027, month=6, day=1)}}}}}\n"
    )
    again = solved(programme_folder(files), TODAY, first).schedule
    assert [site for site in first.sites if first.sites[site] != again.sites[site]] == ["b"]


@pytest.mark.parametrize(("hold", "moved_to"), [("0d", date(2026, 12, 29)), ("6w", date(2027, 1, 12))])
def test_nothing_moves_into_the_hold_unless_it_must(programme_folder: Write, hold: str, moved_to: date) -> None:
    files = {**sites("a", "b", "c"), **plan_file(f"replan: {{hold: {hold}}}\n", size="9")}
    files["waves/v/records/a.yaml"] = "- {status: live, on: 2026-11-04, by: A}\n"
    first = solved(programme_folder(files), date(2026, 11, 10)).schedule
    files |= sites("d")
    for site in "bc":
        files[f"waves/v/records/{site}.yaml"] = "- {item: survey, state: done, on: 2026-11-20, by: A}\n"
    again = solved(programme_folder(files), date(2026, 11, 29), first).schedule
    assert [again.sites[site] == first.sites[site] for site in "bc"] == [True, True]
    assert again.sites["d"].go_live == moved_to


def test_paused_and_dropped_sites_are_accounted_for(programme_folder: Write) -> None:
    files = {**sites("a", "b"), **plan_file(), "waves/v/records/b.yaml": "- {status: paused, on: 2026-09-01, by: A}\n"}
    schedule = solved(programme_folder(files)).schedule
    assert schedule.unplaced == {"b": "paused since 1 Sep 2026"}


@pytest.mark.parametrize(
    ("rest", "site", "says"),
    [
        ("constraints: {b: {deadline: 2026-11-01}}\n", "b", "b goes live on 1 Nov 2026 or earlier"),
        (
            "blackouts: [{id: never, from: 2026-01-01, to: 2060-01-01, where: {id: b}}]\n",
            "b",
            "no go-live from 2026-01-01",
        ),
        (
            "constraints: {b: {wave: 1}, c: {wave: 1}, d: {wave: 1}}\n",
            "d",
            "cannot hold together: b is pinned to wave 1",
        ),
        ("constraints: {b: {wave: 1, not_before: 2027-03-01}}\n", "b", "b is pinned to wave 1"),
        ("constraints: {b: {deadline: 2026-11-01}, c: {after: b}}\n", "c", "waits for b, which has no day"),
        (
            "blackouts: [{id: never, from: 2026-01-01, to: 2060-01-01}]\n",
            "a",
            "the lighthouse has no day: no go-live from 2026-01-01",
        ),
        (
            "constraints: {a: {deadline: 2026-12-31}}\nprerequisites: {p: {title: P, takes: 20w, where: {id: a}}}\n",
            "a",
            "the lighthouse has no day: cannot hold together: a goes live on 31 Dec 2026 or earlier; work on P begins",
        ),
        (
            "prerequisites: {p: {title: P, takes: 5d, needs: {crew: 9}, where: {id: b}}}\n",
            "b",
            "waits for p, which has no day",
        ),
    ],
)
def test_a_site_that_cannot_be_placed_is_named_with_its_reason(
    programme_folder: Write, rest: str, site: str, says: str
) -> None:
    files = {**sites("a", "b", "c", "d"), **plan_file(rest), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    schedule = solved(programme_folder(files)).schedule
    assert says in schedule.unplaced[site]
    assert set(schedule.sites) | set(schedule.unplaced) == {"a", "b", "c", "d"}
    assert schedule.made.outcome in ("infeasible", "unknown")


@pytest.mark.parametrize("tied", ["{b: {deadline: 2027-02-15}}", "{e: {after: b, deadline: 2027-02-25}}"])
def test_a_team_builds_first_what_somebody_with_a_deadline_waits_for(programme_folder: Write, tied: str) -> None:
    # More sites wait for `one`; `two` is neither the shortest nor the longest.
    rest = f"""\
prerequisites:
  one: {{title: One, takes: 10w, needs: {{crew: 1}}, where: {{id: [c, d]}}}}
  two: {{title: Two, takes: 11w, needs: {{crew: 1}}, depends_on: [base], where: {{id: b}}}}
  base: {{title: Base, takes: 4w, needs: {{crew: 1}}, where: {{id: none}}}}
  three: {{title: Three, takes: 14w, needs: {{crew: 1}}, where: {{id: f}}}}
constraints: {tied}
"""
    files = {**sites(*"abcdef"), **plan_file(rest, "5"), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    made = solved(programme_folder(files))
    assert not made.schedule.unplaced
    assert made.schedule.prerequisites["two"].ready <= made.schedule.prerequisites["one"].starts


def test_no_day_beside_prerequisites_that_came_in_another_order_is_no_proof(programme_folder: Write) -> None:
    # With `two` at once, then `one`, then `three`, everybody has a day: nothing may say that there is no plan.
    rest = """\
prerequisites:
  one: {title: One, takes: 8w, needs: {crew: 1}, where: {id: c}}
  two: {title: Two, takes: 4w, needs: {crew: 1}, not_before: 2026-10-19, where: {id: b}}
  three: {title: Three, takes: 3w, needs: {crew: 1}, where: {id: d}}
constraints: {c: {deadline: 2027-01-13}, b: {deadline: 2026-12-23}}
"""
    files = {**sites(*"abcd"), **plan_file(rest, "4"), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    made = solved(programme_folder(files))
    assert made.conflicts == ()
    assert made.schedule.made.outcome == "unknown"


def test_whether_sites_can_have_a_day_at_all_is_asked_once(
    programme_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    # For b the question has no answer, and for c it has to be looked far ahead.
    rest = """\
prerequisites:
  one: {title: One, takes: 1000w, needs: {crew: 1}, where: {id: c}}
  two: {title: Two, takes: 8w, needs: {crew: 1}, where: {id: [b, d]}}
  three: {title: Three, takes: 8w, needs: {crew: 1}, where: {id: [b, d]}}
constraints: {b: {deadline: 2026-12-31}}
"""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr("rollout.sequence.plan.conflicts", lambda _, __, missing: asked.append(tuple(missing)) or ())
    files = {**sites(*"abcd"), **plan_file(rest, "4"), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    solved(programme_folder(files))
    assert len(asked) == len(set(asked)) > 0


def test_same_input_same_text(programme_folder: Write) -> None:
    root = programme_folder({**sites(*"abcdefghij"), **plan_file("apart: [[b, c, d]]\n", size="3-4")})
    assert solved(root).schedule.text() == solved(root).schedule.text()


def test_the_schedule_is_read_back_as_it_was_written(programme_folder: Write) -> None:
    rest = 'constraints: {b: {deadline: 2026-11-01, because: "a \\"quoted\\" reason"}}\n'
    files = {**sites("a", "b", "c"), **plan_file(rest)}
    made = solved(programme_folder(files))
    files["waves/v/schedule.yaml"] = made.schedule.text()
    files["waves/_holidays.yaml"] = made.holidays.text()
    programme = loaded(programme_folder(files))
    schedule = programme.plans["v"].schedule
    assert schedule is not None
    assert schedule.text() == made.schedule.text()
    assert check_schedule(instance_of(programme, programme.plans["v"], schedule), schedule, "s") == []


def last_wave(schedule: Schedule) -> int:
    return max((placement.wave for placement in schedule.sites.values()), default=0)


def least_waves(instance: Instance, lighthouse: date, names: list[str], most: int) -> int | None:
    """By trying everything: the fewest waves in which these sites can go live, one candidate day a week."""
    table = instance.wave_table(lighthouse.toordinal())
    for limit in range(1, most + 1):
        days = [day for day in table.days if table.wave(day) <= limit]
        few = [d for w in range(1, limit + 1) for d in [x for x in days if table.wave(x) == w][::4]]
        for choice in itertools.product(few, repeat=len(names)):
            placed = {
                n: Placement(wave=table.wave(d), go_live=date.fromordinal(d))
                for n, d in zip(names, choice, strict=True)
            }
            placed["a"] = Placement(wave=0, go_live=lighthouse)
            schedule = Schedule.model_construct(made=None, sites=placed, prerequisites={}, unplaced={})
            if not check_schedule(instance, schedule, "s"):
                return limit
    return None


NAMES = ["b", "c", "d", "e"]
edges = st.sampled_from(list(itertools.combinations(NAMES, 2)))


@st.composite
def programmes(draw: st.DrawFn) -> str:
    lines = []
    after = {
        later: (first, draw(st.sampled_from(["1d", "2w", "5w"]))) for first, later in draw(st.sets(edges, max_size=2))
    }
    blocks = {site: f"after: {first}, lag: {lag}" for site, (first, lag) in after.items()}
    if draw(st.booleans()):
        site = draw(st.sampled_from(NAMES))
        blocks[site] = ", ".join(filter(None, [blocks.get(site, ""), "not_before: 2027-01-15"]))
    if blocks:
        lines.append("constraints: {" + ", ".join(f"{s}: {{{b}}}" for s, b in sorted(blocks.items())) + "}")
    if draw(st.booleans()):
        lines.append(f"apart: [[{', '.join(draw(edges))}]]")
    if draw(st.booleans()):
        lines.append(f"together: [[{', '.join(draw(edges))}]]")
    if draw(st.booleans()):
        lines.append(
            f"hypercare: {{lasts: {draw(st.sampled_from(['10d', '28d']))}, at_once: {draw(st.integers(1, 2))}}}"
        )
    return "\n".join(lines) + "\n"


@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(programmes(), st.sampled_from(["1", "2", "3", "[1, 3]"]))
def test_no_plan_ends_earlier_than_a_proved_one(tmp_path_factory: pytest.TempPathFactory, rest: str, size: str) -> None:
    root = tmp_path_factory.mktemp("p")
    for path, text in {**sites("a", *NAMES), **plan_file(rest, size), "waves/_teams.yaml": ""}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    made = sequence(programme, programme.plans["v"], TODAY)
    assert check_schedule(made.instance, made.schedule, "s") == []
    if made.schedule.unplaced:
        return
    found = last_wave(made.schedule)
    if found > 1:
        best = least_waves(made.instance, made.schedule.sites["a"].go_live, NAMES, found - 1)
        assert best is None
