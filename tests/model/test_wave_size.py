"""Sizes of waves in sites and in percent."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rollout.model.wave_size import WaveSize, WaveSizeField

SIZE: TypeAdapter[WaveSize] = TypeAdapter(WaveSizeField)


@pytest.mark.parametrize(
    ("written", "sites", "steps", "spoken"),
    [
        ("4", 20, ((1, 4),), "4"),
        ("3-4", 20, ((3, 4),), "4"),
        ("10%", 2991, ((1, 299),), "299 (10% of 2,991)"),
        ("10%", 7, ((1, 1),), "1 (10% of 7)"),
        ("5%-10%", 100, ((5, 10),), "10 (10% of 100)"),
        ("2.5%", 1000, ((1, 25),), "25 (2.5% of 1,000)"),
        ("0.05%", 10_000, ((1, 5),), "5 (0.05% of 10,000)"),
        ("100%", 12_000, ((1, 12_000),), "12,000 (100% of 12,000)"),
        (["1", "10%", "30%"], 40, ((1, 1), (1, 4), (1, 12)), "1, 4 (10% of 40), 12 (30% of 40)"),
    ],
)
def test_sizes(written: object, sites: int, steps: tuple[tuple[int, int], ...], spoken: str) -> None:
    size = SIZE.validate_python(written).of(sites)
    assert (size.steps, size.spoken) == (steps, spoken)
    assert size.of(sites) == size


def test_before_the_sites_are_known_a_percentage_counts_for_a_hundred() -> None:
    size = SIZE.validate_python(["1", "20%-30%"])
    assert [(size.at_least(wave), size.at_most(wave)) for wave in (1, 2, 9)] == [(1, 1), (20, 30), (20, 30)]


@given(st.integers(1, 10_000), st.integers(0, 20_000))
def test_a_percentage_is_rounded_down_to_no_less_than_one(share: int, sites: int) -> None:
    most = SIZE.validate_python(f"{share // 100}.{share % 100:02}%").of(sites).at_most(1)
    assert most == max(1, math.floor(Fraction(share, 10_000) * sites))


@pytest.mark.parametrize(
    "written", ["0%", "101%", "100.01%", "5-10%", "5%-10", "10%-5%", "-5%", "5%-", "%", "1.234%", "0", "4-3", []]
)
def test_what_is_no_size(written: object) -> None:
    with pytest.raises(ValidationError):
        SIZE.validate_python(written)
