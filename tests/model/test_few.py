"""Names and numbers of things in a sentence."""

from __future__ import annotations

import pytest

from rollout.model.few import few, so_many


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


def test_one_of_a_thing_is_not_called_many() -> None:
    assert [so_many(count, "site") for count in (0, 1, 2, 14221)] == ["0 sites", "1 site", "2 sites", "14,221 sites"]
    assert [so_many(count, "person", "people") for count in (1, 2)] == ["1 person", "2 people"]
