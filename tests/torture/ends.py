"""INT, TERM and HUP at any moment: the right exit code, a sentence, and the disk as it was."""

from __future__ import annotations

import signal
from pathlib import Path
from random import Random

from tests.torture.part import Outcome, Part
from tests.torture.place import NAMES, Place, kill, seconds_of

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
_COMMANDS = (("publish",), ("render",), ("publish", "--branch", "plan/next"), ("plan",))
_BEGINNING = 0.25
"""Until Python has read its own libraries a signal ends it in Python's own way; nothing of ours has begun by then."""


class Signals(Part):
    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, sites)
        self.place = Place.make(folder, sites)
        self.place.must("publish")
        self.place.call_plan(NAMES[1])
        self.before, self.head = self.place.files(), self.place.git("rev-parse", "HEAD")
        self.lasts = seconds_of(lambda: self.place.must("publish", "--dry-run"))

    def once(self, number: int) -> Outcome:
        sent, code = list(CODES.items())[number % 3]
        words = _COMMANDS[number // 3 % len(_COMMANDS)]
        chance = Random(f"signals/{number}")
        was_running, done = kill(self.place, words, chance, self.lasts * 1.3, everybody=number % 2 == 1, number=sent)
        faults: list[str] = []
        if not was_running or done.code == 0:
            notes = ["over before"]
            faults += done.faults(0)
        elif done.code == -sent and not done.err:
            notes = ["before anything began"]
        else:
            notes = ["stopped"]
            faults += done.faults(code)
            if "nothing is half-written" not in done.err:
                faults.append(f"no sentence: {done.err[-300:]}")
            if self.place.files() != self.before or self.place.git("rev-parse", "HEAD") != self.head:
                faults.append("the disk is not as it was")
        self.place.git("branch", "-D", "plan/next", check=False)
        faults += [f"left over: {path}" for path in self.place.strays()]
        self.place.git("reset", "--quiet", "--hard", self.head)
        self.place.git("clean", "-fdq")
        return Outcome((*faults, *self.place.fsck()), tuple(notes))
