"""A few runs of the torture: `make torture` has them by the hundred."""

from __future__ import annotations

import signal
from pathlib import Path
from random import Random

import pytest

from tests.torture.crowds import Two
from tests.torture.kills import Publish
from tests.torture.place import kill

SITES = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All on one programme: where one leaves it the next begins."""
    return tmp_path_factory.mktemp("torture") / "made"


def test_killed_ended_and_in_a_crowd(folder: Path) -> None:
    killed = Publish(folder, SITES)
    assert [killed.once(number).faults for number in (0, 7)] == [(), ()]  # anywhere, and while files get their places

    before, place = killed.place.files(), killed.place
    marks = [place.root / ".git/rollout.lock"]
    was_running, done = kill(place, ("publish",), Random(1), 0.5, marks, number=signal.SIGTERM)
    assert (was_running, done.code, done.faults(143)) == (True, 143, [])
    assert done.err == "rollout: ended by a signal; nothing is half-written\n"
    assert (place.files(), place.strays()) == (before, [])

    assert Two(folder, SITES).once(0).faults == ()
