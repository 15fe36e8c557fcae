"""Names in a sentence."""

from __future__ import annotations

import pytest

from rollout.model.few import few


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ""),
        (1, "0"),
        (2, "0, 1"),
        (3, "0, 1 and 1 more"),
        (1500, "0, 1 and 1,498 more"),
    ],
)
def test_so_many_names_and_how_many_more(count: int, said: str) -> None:
    assert few([str(number) for number in range(count)], 2) == said
