"""The effective site: every value with the file and line it came from."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.load.locate import Places
from rollout.load.overlay import Raw
from rollout.load.programme import SiteLayers, site_layers
from rollout.load.workspace import Workspace
from rollout.model.result import Shown, ShownValue
from rollout.model.site import no_such_site
from rollout.model.source import Source
from rollout.problem import Problem, RolloutError


def show_site(workspace: Workspace, site_id: str) -> Shown:
    """All values of a site after inheritance, as written. Raises RolloutError when there is no such site."""
    problems: list[Problem] = []
    layers: dict[str, SiteLayers] = {}
    for site in site_layers(workspace, problems):
        layers.setdefault(site.site_id, site)  # of two files for one site the first counts, as everywhere
    if site_id not in layers:
        raise RolloutError(no_such_site(site_id, {name: _formerly(site) for name, site in layers.items()}))
    site = layers[site_id]
    mine = [problem for problem in problems if problem.path in {path for path, _ in site.layers}]
    if mine:
        raise RolloutError(*mine)
    places = Places(workspace)
    return Shown(site_id, tuple(_values(site, places)))


def _formerly(site: SiteLayers) -> tuple[str, ...]:
    names = site.effective.get("formerly")
    return tuple(name for name in (names if isinstance(names, list) else [names]) if isinstance(name, str))


def _values(site: SiteLayers, places: Places) -> Iterator[ShownValue]:
    paths = tuple(path for path, _ in site.layers)
    for keys, value in _leaves(site.effective, ()):
        path, line, _ = places.of(Source(paths, keys))
        yield ShownValue(".".join(map(str, keys)), value, path, line)


def _leaves(raw: Raw, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            # An entry's own id is already in its path.
            if not (key == "id" and keys):
                yield from _leaves(value, (*keys, key))
    elif isinstance(raw, list) and all(not isinstance(item, dict | list) for item in raw):
        yield keys, ", ".join("" if item is None else str(item) for item in raw)
    elif isinstance(raw, list):
        for number, item in enumerate(raw):
            yield from _leaves(item, (*keys, number))
    else:
        yield keys, "" if raw is None else str(raw)
