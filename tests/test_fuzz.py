"""The first hundred and twenty runs of tests/fuzz.py; `make fuzz` does a hundred thousand."""

from __future__ import annotations

import pytest

from tests import fuzz


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_damaged_files_are_told_and_never_a_traceback(first: int) -> None:
    for number in range(first, first + 40):
        try:
            fuzz.run(number)
        except AssertionError as error:
            raise AssertionError(f"python -m tests.fuzz 1 {number}") from error


def test_the_runs_go_deep() -> None:
    """A target that refuses everything at the door finds nothing."""
    base = fuzz.base()
    assert len(base.files) > 12
    assert len(base.pages) > 3
    assert {path.split("/")[0] for path in base.files} == {"sites", "waves", "playbooks"}
