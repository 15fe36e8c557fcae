"""Days outside which sites do not go live: with any window in force, go-live has to be inside one."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.instance import FOREVER, Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """The gaps between the windows of each site; windows of plan and site add up."""
    for site in scope.open_sites():
        own = [w for w in site.windows if w.where.matches(site)]
        windows = [*(w for w in scope.plan.windows if w.where.matches(site)), *own]
        if not windows:
            continue
        names = ", ".join(window.id for window in windows)
        allowed = sorted(
            (a.toordinal(), b.toordinal()) for w in windows for a, b in w.stretches(scope.first, scope.last)
        )
        closed: list[Stretch] = []
        free = 0
        for first, last in allowed:
            if first > free:
                closed.append(Stretch(free, first - 1, f"outside {names}"))
            free = max(free, last + 1)
        closed.append(Stretch(free, FOREVER, f"outside {names}"))
        source = (site.source if own else scope.plan.source) / "windows"
        if len(windows) == 1:
            source /= windows[0].id
        why = "; ".join(dict.fromkeys(w.because for w in windows if w.because))
        because = scope.because(f"window {names}", f"{site.id} goes live only inside {names}", source, why)
        yield Window((site.id,), tuple(closed), because)
