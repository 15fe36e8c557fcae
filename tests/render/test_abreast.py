"""Several processes make what one would have made, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.commit.lock import take
from rollout.load.templates import shipped_templates
from rollout.pipeline import load, pick
from rollout.pipeline.publishing import published
from rollout.problem import Problem, RolloutError
from rollout.render import abreast as module
from rollout.render import render as rendering
from rollout.render.abreast import abreast
from rollout.track.standing import stand

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="copies of a process only there"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),  # the test runner has threads
]


def squared(number: int) -> tuple[int, int]:
    return number, number * number


@given(st.lists(st.integers(), max_size=70), st.integers(0, 4))
@settings(max_examples=15, deadline=None)
def test_same_results_in_order(items: list[int], processes: int) -> None:
    assert list(abreast(squared, items, processes)) == [squared(item) for item in items]


def test_it_is_really_done_elsewhere() -> None:
    made = list(abreast(lambda _: os.getpid(), range(40), 3))
    assert len(set(made)) == 3 and os.getpid() not in made
    assert set(abreast(lambda _: os.getpid(), range(40), 1)) == {os.getpid()}


def gone(process: int) -> bool:
    """Whether there is no such process any more, not even as one that nobody asked for its end."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_what_goes_wrong_is_raised_at_its_item() -> None:
    def one(number: int) -> int:
        if number == 21:
            raise RolloutError(Problem(path="a", line=3, column=4, code="template", message="bad", hint="mend it"))
        return number

    seen = []
    with pytest.raises(RolloutError) as raised:
        for number in abreast(one, range(100), 2):
            seen.append(number)
    assert seen == list(range(16)), "the batch with the bad one in it is not given in part"
    assert raised.value.problems[0] == Problem(
        path="a", line=3, column=4, code="template", message="bad", hint="mend it"
    )


def test_a_fault_of_ours_says_where_it_was() -> None:
    def one(number: int) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError) as raised:
        list(abreast(one, range(30), 2))
    assert "in one" in raised.value.__notes__[0]


def test_who_was_killed_is_missed() -> None:
    def one(number: int) -> int:
        if number == 30:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(MemoryError, match="ended before its time"):
        list(abreast(one, range(100), 2))


def test_who_wants_no_more_leaves_nobody_behind() -> None:
    every = abreast(lambda _: os.getpid(), range(100), 2)
    processes = {next(every) for _ in range(16)}
    every.close()
    assert len(processes) == 2 and all(map(gone, processes))
    with pytest.raises(ChildProcessError):
        os.waitpid(next(iter(processes)), 0)


def test_the_lock_is_not_held_by_them(tmp_path: Path) -> None:
    held = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    assert take(held)
    every = abreast(lambda _: Path(f"/proc/self/fd/{held}").exists(), range(100), 2)
    assert [next(every) for _ in range(16)] == [False] * 16  # from both
    os.close(held)
    again = os.open(tmp_path / "lock", os.O_RDWR)
    assert take(again), "a process at work holds it"
    os.close(again)
    every.close()


ORPHANS = """
import os, sys, time
from rollout.render.abreast import abreast

def one(number):
    time.sleep(0.01)
    return os.getpid(), b"x" * 200_000

every = abreast(one, range(4000), 2)
print(*{next(every)[0] for _ in range(16)}, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_they_end_when_nobody_listens(how: signal.Signals) -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    processes = list(map(int, parent.stdout.readline().split()))
    parent.send_signal(how)
    parent.wait()
    parent.stdout.close()
    assert len(processes) == 2 and all(map(gone, processes))


def test_no_more_processes_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    forks = iter([os.fork, None])

    def fork() -> int:
        how = next(forks)
        if how is None:
            raise BlockingIOError(11, "no more processes")
        return how()

    monkeypatch.setattr(os, "fork", fork)
    assert list(abreast(squared, range(50), 2)) == [squared(number) for number in range(50)]


def test_pages_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(ROOT)
    folder = pick(loaded.programme, None)
    standing = stand(loaded.programme, folder, published(folder))

    def pages() -> list[rendering.Rendered]:
        return list(rendering.render(standing, shipped_templates(), loaded.workspace.text))

    monkeypatch.setattr(module, "_worth", lambda things: 1)
    alone = pages()
    monkeypatch.setattr(module, "_worth", lambda things: 2)
    assert pages() == alone and len(alone) > 50
