"""What one move would do to how good a plan is, by the order of the objective.

Last wave, waves under their wished minimum, wishes not met, then the sum of weight times days.
"""

from __future__ import annotations

from collections import Counter

from rollout.model.explained import Verdict
from rollout.model.few import so_many
from rollout.model.instance import Prefer, Resource
from rollout.sequence.blocking import Others


class Objective:
    """How good a plan is, in whole numbers and weighted days."""

    def __init__(self, others: Others) -> None:
        self.others = others
        instance = others.instance
        self.wave_of = {
            job.id: others.wave(job.id, others.days[job.id]) for job in instance.sites if job.id in others.days
        }
        self.sites = Counter(self.wave_of.values())
        wished = (p for p in instance.primitives if isinstance(p, Resource) and p.wished and max(p.wished) > 1)
        self._sized: Resource | None = next(wished, None)
        sized = self._sized.demands if self._sized else {}
        self._counts = Counter(wave for site, wave in self.wave_of.items() if site in sized)

    def under_minimum(self) -> int:
        """Waves up to the last one with fewer sites than wished."""
        return len(self._under(self._counts))

    def moved(self, site: str, day: int) -> tuple[Verdict, str]:
        """Whether the plan with the site on another (free) day is better (`free`), as good (`tie`) or `worth less`."""
        here, there = self.wave_of[site], self.others.wave(site, day)
        before, after = max(self.sites), self._last_without(site, there)
        if after != before:
            return ("free", "") if after < before else ("worth less", f"worth less: the last wave would be {after}")
        now, then = self._under(self._counts), self._under(self._with(site, here, there))
        if len(now) != len(then):
            return ("free", "") if len(then) < len(now) else ("worth less", self._short(site, here, then, now))
        wishes, broken = self._broken(site, self.others.days[site]), self._broken(site, day)
        if len(wishes) != len(broken):
            if len(broken) < len(wishes):
                return "free", ""
            lost = next(wish for wish in broken if wish not in wishes)
            return "worth less", f"worth less: against a wish, {lost.because.message}"
        gain = round(self.others.instance.jobs[site].weight * (self.others.days[site] - day), 6)
        if gain == 0:
            return "tie", "tie: nothing is in the way, and nothing would be gained (its weight is 0)"
        return ("free", "") if gain > 0 else ("worth less", "worth less: it would be later")

    def _last_without(self, site: str, there: int) -> int:
        last = max(self.sites)
        if self.wave_of[site] == last and self.sites[last] == 1:
            return max([there, *(wave for wave in self.sites if wave != last)])
        return max(last, there)

    def _with(self, site: str, here: int, there: int) -> Counter[int]:
        counts = Counter(self._counts)
        if self._sized is not None and site in self._sized.demands:
            counts[here] -= 1
            counts[there] += 1
        return counts

    def _under(self, counts: Counter[int]) -> set[int]:
        if self._sized is None:
            return set()
        last = max((wave for wave, count in counts.items() if count), default=0)
        return {wave for wave in range(1, last + 1) if counts[wave] < self._sized.wish(wave)}

    def _short(self, site: str, here: int, then: set[int], now: set[int]) -> str:
        assert self._sized is not None
        wave = here if here in then - now else min(then - now)
        left = self._counts[wave] - (wave == here)
        return (
            f"worth less: nothing is in the way, but wave {wave} would be left with {left} "
            f"of the {so_many(self._sized.wish(wave), 'site')} wished for"
        )

    def _broken(self, site: str, day: int) -> list[Prefer]:
        """Wishes about the site that are not met when it is on the day."""
        days = {**self.others.days, site: day}
        return [
            p
            for p in self.others.about(site)
            if isinstance(p, Prefer) and p.job in days and p.before in days and days[p.job] <= days[p.before]
        ]
