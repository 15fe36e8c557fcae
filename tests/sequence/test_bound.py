"""What is said to be needed at least, no lawful plan does with less."""

from __future__ import annotations

from datetime import date

import pytest

from rollout.model.schedule import Placement
from tests.conftest import Write
from tests.sequence.test_plan import plan_file, sites, solved

SHRINKING = """\
prerequisites:
  one: {title: One, takes: 8w, needs: {crew: 1}, where: {id: a}}
  two: {title: Two, takes: 12w, needs: {crew: 1}, where: {id: a}}
constraints: {b: {not_before: 2027-04-05}, c: {not_before: 2027-04-05}}
"""
PINNED = """\
prerequisites:
  one: {title: One, takes: 8w, needs: {crew: 1}, where: {id: a}}
  two: {title: Two, takes: 4w, needs: {crew: 1}, where: {id: a}}
constraints: {b: {wave: 2}}
hypercare: {lasts: 28d, at_once: 1}
blackouts:
  - {id: x, from: 2026-12-01, to: 2027-01-31, where: {id: c}}
  - {id: y, from: 2027-03-01, to: 2027-06-30, where: {id: c}}
"""
SHARED = """\
prerequisites:
  one: {title: One, takes: 30w, needs: {crew: 1}, where: {id: b}}
activities:
  install: {title: Install, starts: T-90, takes: 7d, needs: {crew: 1}, where: {id: [c, d, e, f, g]}}
  help: {title: Help, starts: T+56, takes: 14d, needs: {crew: 1}, where: {id: a}}
"""


@pytest.mark.parametrize(
    ("rest", "size", "names", "site", "wave", "day"),
    [
        # A later lighthouse gives the same month the size of an earlier wave ...
        (SHRINKING, "[4, 1]", "abc", "c", 2, date(2027, 5, 4)),
        # ... and another site the wave that it is pinned to in another month.
        (PINNED, "4", "abc", "c", 6, date(2027, 7, 6)),
        # What is built later leaves its team to the sites in the meantime.
        (SHARED, "20", "abcdefg", "b", 10, date(2027, 9, 1)),
    ],
)
def test_a_bound_holds_wherever_the_foundations_are(
    programme_folder: Write, rest: str, size: str, names: str, site: str, wave: int, day: date
) -> None:
    files = {**sites(*names), **plan_file(rest, size), "waves/_teams.yaml": "teams: {crew: {people: 1}}\n"}
    root = programme_folder(files)
    afresh = solved(root).schedule
    later = afresh.model_copy(update={"sites": {**afresh.sites, site: Placement(wave=wave, go_live=day)}})
    kept = solved(root, keep=later).schedule
    assert kept.sites[site].go_live == day
    assert kept.made.outcome == "feasible"
    assert kept.made.bound is None or kept.made.bound.waves <= afresh.last_wave < wave
