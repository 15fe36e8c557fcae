"""The first hundred and twenty runs of tests/fuzz.py; `make fuzz` does a hundred thousand."""

from __future__ import annotations

import pytest

from tests import fuzz


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_damaged_files_are_told_and_never_a_traceback(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    deep, of_sound = [], fuzz._of_sound
    monkeypatch.setattr(fuzz, "_of_sound", lambda *given: deep.append(1) or of_sound(*given))
    for number in range(first, first + 40):
        try:
            fuzz.run(number)
        except AssertionError as error:
            raise AssertionError(f"python -m tests.fuzz 1 {number}") from error
    assert deep, "a target that refuses everything at the door finds nothing"
