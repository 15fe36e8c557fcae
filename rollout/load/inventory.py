"""The sites that are there when a sheet comes in, and the folder that takes new ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rollout.load.overlay import Raw, overlay
from rollout.load.programme import SiteLayers, site_layers
from rollout.load.validate import Layers
from rollout.load.workspace import Workspace
from rollout.problem import Problem, RolloutError

# No `_defaults`, no hidden folder, nothing that Windows keeps for a device.
_FOLDER = re.compile(r"(?!(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|\Z))[^\W_][\w .-]{0,99}", re.IGNORECASE)


class Inventory:
    """Existing sites by id, wherever below `sites/` they are, and what new ones in `folder` inherit."""

    def __init__(self, workspace: Workspace, into: str) -> None:
        self.folder = _folder(workspace, into)
        problems: list[Problem] = []
        self.sites: dict[str, SiteLayers] = {}
        self.twice: set[str] = set()
        for site in site_layers(workspace, problems):
            if site.site_id in self.sites:
                self.twice.add(site.site_id)
            self.sites[site.site_id] = site
        self.problems = {problem.path: problem for problem in problems}
        self.defaults: Layers = _defaults(workspace, self.folder)
        # What every site inherits has to be known before a value can be left out for being inherited.
        if wrong := [problem for problem in problems if problem.path.endswith("/_defaults.yaml")]:
            raise RolloutError(*wrong)
        self.inherited: dict[str, Raw] = overlay(raw for _, raw in reversed(self.defaults))

    def names(self) -> Mapping[str, str]:
        """Names by id, as the sites' own files have them."""
        found = {}
        for site_id, site in self.sites.items():
            raw = site.layers[0][1]
            if isinstance(raw, dict) and isinstance(name := raw.get("name"), str):
                found[site_id] = name
        return found

    def in_folder(self) -> list[str]:
        """Ids of the sites in the folder and below it."""
        return [i for i, site in self.sites.items() if site.layers[0][0].startswith(f"{self.folder}/")]


def _folder(workspace: Workspace, into: str) -> str:
    parts = [part for part in into.replace("\\", "/").removeprefix("sites/").strip("/").split("/") if part]
    parts = [] if parts == ["sites"] else parts
    folder = "/".join(("sites", *parts))
    if into.startswith(("/", "\\")) or not all(
        _FOLDER.fullmatch(part) and not part.endswith((" ", ".")) for part in parts
    ):
        hint = "--into emea, or --into emea/france"
        said = f'"{into}" is not a folder below sites/'
        raise RolloutError(Problem(path="", code="bad-folder", message=said, hint=hint))
    place = workspace.root / folder
    if not place.resolve().is_relative_to(workspace.root):
        raise RolloutError(
            Problem(path=folder, code="link-outside", message="this leads out of the programme's folder")
        )
    if place.exists() and not place.is_dir():
        raise RolloutError(Problem(path=folder, code="not-a-folder", message="this is a file", hint="name a folder"))
    return folder


def _defaults(workspace: Workspace, folder: str) -> list[tuple[str, Raw]]:
    """The `_defaults.yaml` files above a site in the folder, nearest first."""
    found: list[tuple[str, Raw]] = []
    problems: list[Problem] = []
    parts = folder.split("/")
    for depth in range(len(parts), 0, -1):
        path = "/".join((*parts[:depth], "_defaults.yaml"))
        raw = workspace.yaml(path, problems)
        if isinstance(raw, dict):
            found.append((path, raw))
    if problems:
        raise RolloutError(*problems)
    return found
