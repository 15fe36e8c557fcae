"""The exact engine proves what the core finds, is lawful, gives the same bytes, and is asked for by name only."""

from __future__ import annotations

import sys
from datetime import date
from itertools import pairwise

import pytest

from benchmarks.sequence.generate import instance
from rollout.check.schedule import check_schedule
from rollout.model.instance import PREREQUISITE, After, Because, Demand, Instance, Job, Resource
from rollout.model.load import taken_by
from rollout.model.source import Source
from rollout.model.times import Duration
from rollout.problem import RolloutError
from rollout.sequence.board import Board
from rollout.sequence.exact import Model
from rollout.sequence.exact_foundations import earliest_lighthouse
from rollout.sequence.plan import sequence
from rollout.sequence.solve import How
from tests.conftest import TODAY, Write, loaded
from tests.sequence.test_plan import plan_file, sites

NAMES = tuple("bcdefghi")
REST = """\
constraints: {d: {after: b, lag: 3w}, e: {not_before: 2027-02-10}, h: {prefer_after: g}}
apart: [[b, c, f]]
together: [[g, i]]
limits: [{id: unit, same: business_unit, max: 1}]
"""


def made(write: Write, engine: str) -> object:
    files = {**sites("a", *NAMES), **plan_file(REST, "2-3"), "waves/_teams.yaml": ""}
    for number, name in enumerate(NAMES):
        files[f"sites/{name}.yaml"] += f"value: {1 + number * 7 % 5}\nbusiness_unit: u{number % 3}\n"
    programme = loaded(write(files))
    result = sequence(programme, programme.plans["v"], TODAY, None, How(engine=engine))
    assert check_schedule(result.instance, result.schedule, "s") == []
    return result


def test_it_proves_waves_and_value_and_the_core_comes_close(programme_folder: Write) -> None:
    core, exact = made(programme_folder, "core"), made(programme_folder, "exact")
    assert exact.schedule.made.proved == ("waves", "value")
    assert exact.schedule.made.engine == "exact"
    assert exact.schedule.last_wave == core.schedule.last_wave
    assert exact.worth <= core.worth + 1e-6 <= exact.worth * 1.05
    assert made(programme_folder, "exact").schedule.text() == exact.schedule.text()


def test_the_model_is_the_same_whatever_order_python_gives_to_a_set() -> None:
    # Where several plans are best, the order of the variables decides which of them is found.
    _, _, problem = instance(60, 1)
    board = Board(problem, problem.wave_table(None), {})
    model = Model(board, board.every_day)
    related = [job for job in board.open if job in board.before or job in board.later]
    assert len(related) > 5
    numbers = [model.day[job].index for job in related]
    assert numbers == sorted(numbers)


def test_without_the_extra_it_says_which_one_is_missing(
    programme_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    with pytest.raises(RolloutError) as caught:
        made(programme_folder, "exact")
    assert caught.value.exit_code == 3
    assert "rollout[exact]" in str(caught.value.problems[0])


def test_the_earliest_lighthouse_shares_a_team_in_the_best_order() -> None:
    # Two of three fit beside each other: 3 with 2 and then 2, or 2 with 2 and then 3; the end is on day 5 at best.
    start = date(2026, 1, 5).toordinal()
    because = Because("team", "one team", Source(("waves/_teams.yaml",)))
    names = [f"{PREREQUISITE}{n}" for n in "xyz"]
    lengths = dict(zip(names, (3, 2, 2), strict=True))
    jobs = {n: Job(n, is_site=False, takes=Duration(lengths[n])) for n in names}
    problem = Instance(
        as_of=start,
        every="month",
        weekdays=tuple(range(start, start + 40)),
        lighthouse="end",
        jobs={"end": Job("end"), **jobs},
        primitives=(
            *(After("end", n, 0, because) for n in names),
            Resource("team", "day", (1,), {n: (Demand(1, 0, -1),) for n in names}, because),
        ),
    )
    found = earliest_lighthouse(problem, work=5)
    assert found is not None
    # Monday to Friday: seven days of work for one person, a weekend in between wherever it falls.
    assert found.day_of["end"] == found.bound
    spans = sorted((found.day_of[n], found.day_of[n] + lengths[n]) for n in names)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("pieces", "most"),
    [
        ((Demand(1, -9, -5), Demand(1, -4, -1)), 1),
        ((Demand(1, -9, -2), Demand(2, -6, -5)), 2),
        ((Demand(2, -9, -8), Demand(1, -12, -1), Demand(2, -9, -2)), 2),
    ],
)
def test_of_two_pieces_of_one_job_in_a_week_the_larger_counts(pieces: tuple[Demand, ...], most: int) -> None:
    start = date(2026, 1, 5).toordinal()
    because = Because("team", "one team", Source(("waves/_teams.yaml",)))
    work = f"{PREREQUISITE}x"
    for unit in ("week", "day"):
        problem = Instance(
            as_of=start,
            every="month",
            weekdays=tuple(range(start, start + 60)),
            lighthouse="end",
            jobs={"end": Job("end"), work: Job(work, is_site=False, takes=Duration(14))},
            primitives=(
                After("end", work, 0, because),
                Resource("team", unit, (most,), {"end": pieces, work: (Demand(most, 0, -1),)}, because),
            ),
        )
        found = earliest_lighthouse(problem, work=5)
        assert found is not None
        resource = problem.primitives[1]
        days = (d for d in range(start, start + 60) if d >= problem.jobs[work].usable(found.day_of[work]))
        busy = taken_by(problem, resource, work, resource.demands[work], found.day_of[work])
        free = (d for d in days if not busy.keys() & taken_by(problem, resource, "end", pieces, d).keys())
        assert found.day_of["end"] == found.bound == next(free)
