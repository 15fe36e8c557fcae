"""Several runs at once on one programme: one writes, the others say who does, and the end is that of one run."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from tests.torture.part import Outcome, Part
from tests.torture.place import NAMES, Done, Place

_LOSERS = re.compile(r"locked: another rollout \((process \d+|its process is not known yet)\) is writing here")


class _Crowd(Part):
    size = 2

    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, sites)
        self.place = Place.make(folder, sites)
        self.ends: list[tuple[str, dict[str, bytes]]] = []
        for name in NAMES:
            self.place.call_plan(name)
            self.place.must("publish")
            self.ends.append((self.place.git("log", "-1", "--format=%T"), self.place.files()))
        self.first = self.place.git("rev-parse", "HEAD")

    def once(self, number: int) -> Outcome:
        """`publish` so many times at once; in every third round the others render, plan and record."""
        state = number % 2
        chance = Random(f"{self.size}/{number}")
        self.place.call_plan(NAMES[state])
        before = self.place.git("rev-list", "--count", "HEAD")
        others = (
            [("render",), ("plan",), ("fmt",), ("publish", "--branch", "plan/next")]
            if number % 3 == 2
            else [("publish",)]
        )
        runs = [self.place.start(*(("publish",) if n == 0 else chance.choice(others))) for n in range(self.size)]
        faults: list[str] = []
        done = []
        for run in runs:
            out, err = run.communicate(timeout=900)
            done.append(Done(run.returncode, out.decode(), err.decode()))
        for one in done:
            faults += one.faults(0, 3)
            if one.code == 3 and not _LOSERS.search(one.err):
                faults.append(f"refused for another reason: {one.err[-300:]}")
        if all(one.code for one in done):
            faults.append("nobody got through")
        faults += self.place.must("publish").faults(0)
        tree, files = self.ends[state]
        if self.place.git("log", "-1", "--format=%T") != tree:
            faults.append("another commit than one run makes")
        if self.place.files() != files:
            faults.append("other files than one run leaves")
        if (made := int(self.place.git("rev-list", "--count", "HEAD")) - int(before)) != 1:
            faults.append(f"{made} commits instead of one")
        self.place.git("branch", "-D", "plan/next", check=False)
        faults += [f"left over: {path}" for path in self.place.strays()]
        notes = ["told who writes" for one in done if one.code == 3 and "(process" in one.err]
        return Outcome((*faults, *self.place.fsck()), tuple(notes))


class Two(_Crowd):
    pass


class Eight(_Crowd):
    size = 8
