"""Why a site has no day, in one sentence for whoever can change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rollout.model.instance import PREREQUISITE, After, Instance, Resource, Window
from rollout.sequence.conflict import Conflict
from rollout.sequence.solve import Solved


def reasons(
    instance: Instance, solved: Solved, clashes: tuple[Conflict, ...], missing: Iterable[str]
) -> dict[str, str]:
    """By site without a day: the few windows that close all of them, or what it waits for, or the lines it shares."""
    missing = list(missing)
    return _Reasons(instance, solved, clashes, frozenset(missing)).of(missing)


class _Reasons:
    """The lines about the sites without a day, read once for all of them: there may be thousands."""

    def __init__(
        self, instance: Instance, solved: Solved, clashes: tuple[Conflict, ...], missing: frozenset[str]
    ) -> None:
        self.instance, self.solved, self.clashes = instance, solved, clashes
        self.windows: dict[str, list[Window]] = {}
        self.closings: dict[tuple[int, ...], str] = {}
        """By the ids of a site's windows: thousands of sites share theirs, and each look goes through every day."""
        self.waits: dict[str, str] = {}
        self.shares: dict[str, str] = {}
        """By site: the capacity it asks for that is proved to be too small for all who do."""
        board = solved.board
        blamed = {because.source for clash in clashes for because in clash.members if len(clash.members) == 1}
        for primitive in instance.primitives:
            if isinstance(primitive, Window):
                for job in missing.intersection(primitive.jobs):
                    self.windows.setdefault(job, []).append(primitive)
            elif isinstance(primitive, After):
                if primitive.job in missing and primitive.before not in board.day_of and primitive.lag >= 0:
                    self.waits.setdefault(primitive.job, primitive.before.removeprefix(PREREQUISITE))
            elif isinstance(primitive, Resource) and primitive.because.source in blamed:
                for job in missing.intersection(primitive.demands):
                    self.shares.setdefault(job, primitive.because.message)

    def of(self, missing: Sequence[str]) -> dict[str, str]:
        """The reason of each site."""
        laid, lighthouse = self.solved.laid, self.instance.lighthouse
        found: dict[str, str] = {}
        for site in missing:
            if site in laid.impossible and site == lighthouse:
                why = self._closing(self.instance.candidates, site, lambda _: 0) or self._together(site)
                found[site] = f"the lighthouse has no day: {why or 'its team has no capacity'}"
            elif lighthouse is not None and lighthouse in laid.impossible:
                found[site] = f"waits for the lighthouse {lighthouse}, which has no day"
            elif site in self.waits:
                found[site] = f"waits for {self.waits[site]}, which has no day"
            else:
                found[site] = self._beside_others(site)
        return found

    def _beside_others(self, site: str) -> str:
        board = self.solved.board
        if not board.window.get(site, 0):
            same = tuple(map(id, self.windows.get(site, ())))
            if same not in self.closings:
                self.closings[same] = self._closing(board.days, site, board.table.wave)
            if closing := self.closings[same]:
                return f"no day is left for it alone: {closing}"
        if together := self._together(site):
            return together
        if site in self.shares:
            return f"no day is left for it beside the others: {self.shares[site]}"
        return "no day is left for it beside the others: raise the size of waves, a limit or a team's capacity"

    def _together(self, site: str) -> str:
        """The lines about the site of which any one has to go; empty where none are known."""
        clash = next((clash for clash in self.clashes if site in clash.sites), None)
        return "" if clash is None else "cannot hold together: " + "; ".join(b.message for b in clash.members)

    def _closing(self, days: Sequence[int], site: str, wave_of: Callable[[int], int]) -> str:
        """The fewest windows that close every day together, as one sentence."""
        windows = self.windows.get(site, [])
        # Where no site at all may go live, the days that the plan itself closes are asked about, too.
        days = days or self.instance.weekdays

        def leaves_a_day(chosen: list[Window]) -> bool:
            return any(not any(window.keeps_off(day, wave_of(day)) for window in chosen) for day in days)

        if leaves_a_day(windows):
            return ""
        chosen = list(windows)
        for window in windows:
            fewer = [w for w in chosen if w is not window]
            if not leaves_a_day(fewer):
                chosen = fewer
        return "; ".join(window.because.message for window in chosen)
