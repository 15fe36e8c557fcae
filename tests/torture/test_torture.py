"""A few runs of the torture: `make torture` has them by the hundred."""

from __future__ import annotations

import signal
from pathlib import Path
from random import Random

import pytest

from tests.torture.kills import Publish
from tests.torture.place import kill

SITES = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All on one programme: where one leaves it the next begins."""
    return tmp_path_factory.mktemp("torture") / "made"


def test_killed_ended_and_in_a_crowd(folder: Path) -> None:
    killed = Publish(folder, SITES)
    assert killed.once(7).faults == ()  # while files get their places

    before, place = killed.place.files(), killed.place
    marks = [place.root / ".git/rollout.lock"]
    was_running, done = kill(place, ("publish",), Random(1), 0.5, marks, number=signal.SIGTERM)
    assert (was_running, done.code, done.faults(143)) == (True, 143, [])
    assert done.err == "rollout: ended by a signal; nothing is half-written\n"
    assert (place.files(), place.strays()) == (before, [])

    killed.begin(1 - killed.state)
    runs = [place.start("publish") for _ in range(2)]
    said = [run.communicate(timeout=300)[1].decode() for run in runs]
    assert sorted(run.returncode for run in runs) in ([0, 0], [0, 3])  # one after the other where they are far apart
    refused = [err for run, err in zip(runs, said, strict=True) if run.returncode]
    assert all("another rollout (" in err for err in refused), refused
    assert (place.files(*killed.folders), place.strays()) == (killed.ends[1 - killed.state], [])
