"""Demands by skill can be met together exactly when the sums of teams suffice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rollout.model.instance import Demand
from rollout.model.staffing import MOST_SUMS, Asked, Eligible, sums

TEAMS = "abcde"


def can_assign(demands: list[tuple[Eligible, int]], capacity: dict[str, int]) -> bool:
    """Every way to give one person after another to a team that may send them."""
    people = [teams for teams, amount in demands for _ in range(amount)]

    def go(at: int, left: dict[str, int]) -> bool:
        if at == len(people):
            return True
        return any(left[team] > 0 and go(at + 1, {**left, team: left[team] - 1}) for team in sorted(people[at]))

    return go(0, capacity)


eligible = st.frozensets(st.sampled_from(TEAMS), min_size=1, max_size=3)


@given(
    st.lists(st.tuples(eligible, st.integers(1, 2)), min_size=1, max_size=4),
    st.fixed_dictionaries({team: st.integers(0, 3) for team in TEAMS}),
)
def test_the_sums_hold_exactly_when_there_is_an_assignment(
    demands: list[tuple[Eligible, int]], capacity: dict[str, int]
) -> None:
    asked = Asked()
    for number, (teams, amount) in enumerate(demands):
        asked.ask(teams, f"job-{number}", (0, 6, amount))
    holds = all(
        sum(demand.amount for pieces in asked.demands(teams).values() for demand in pieces)
        <= sum(capacity[team] for team in teams)
        for teams in sums(asked.by_teams)
    )
    assert holds == can_assign(demands, capacity)


def sets(*words: str) -> list[Eligible]:
    return [frozenset(word) for word in words]


def test_teams_that_share_no_skill_keep_their_own_sum() -> None:
    assert sums(sets("a", "b", "ab", "c")) == tuple(sets("a", "b", "c", "ab"))
    assert sums(sets("a", "b", "bc", "cd")) == tuple(sets("a", "b", "bc", "cd", "bcd"))


def test_a_family_of_many_skills_keeps_the_smallest_sums_and_the_whole() -> None:
    star = [frozenset({"hub", f"spoke-{number}"}) for number in range(20)]
    found = sums(star)
    assert len(found) <= MOST_SUMS + 1
    assert set(star) <= set(found)
    assert frozenset().union(*star) in found
    pairs = {one | other for one in star for other in star}
    assert pairs <= set(found)


def test_what_one_job_asks_of_several_sets_is_added_up_day_by_day() -> None:
    asked = Asked()
    asked.ask("a", "x", (-5, -1, 1))
    asked.ask("ab", "x", (-3, 2, 2))
    asked.ask("c", "p", (0, -1, 1))
    asked.ask("cd", "p", (0, -1, 2))
    assert asked.demands(frozenset("ab")) == {"x": (Demand(1, -5, -4), Demand(3, -3, -1), Demand(2, 0, 2))}
    assert asked.demands(frozenset("a")) == {"x": (Demand(1, -5, -1),)}
    assert asked.demands(frozenset("cd")) == {"p": (Demand(3, 0, -1),)}
