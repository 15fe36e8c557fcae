"""The names that stand in a programme, at a glance: for completing a word while somebody types.

Nothing is read that need not be, and nothing is imported that costs: a shell waits for the answer. File names give the
sites; plans, waves, gates and activities come from a look at lines, not from reading YAML. A name that is missed is
not offered, and that is all; only names that can be ids are offered, so nothing in them means anything to a shell.
"""

from __future__ import annotations

import os
import re
from os.path import isdir, isfile, join

TYPE_CHECKING = False  # `typing` itself would cost some of the time
if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_WAVE = re.compile(r"\bwave: *([0-9]{1,6})\b")
_PRESET = re.compile(r"^preset: *[\"']?([a-z0-9-]+@[0-9]+)", re.MULTILINE)
_LARGE = 50_000_000
"""Characters of a file that are looked at."""
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def root_of(start: str) -> str | None:
    """The programme's folder: the nearest one upward with `sites/` and `waves/`."""
    folder, below = os.path.abspath(start), ""
    while folder != below:
        if isdir(join(folder, "sites")) and isdir(join(folder, "waves")):
            return folder
        folder, below = os.path.dirname(folder), folder
    return None


def sites(root: str) -> list[str]:
    """Ids of all sites."""
    return sorted(
        {name for path in _files(join(root, "sites")) if (name := path.removesuffix(".yaml")) != path and _is(name)}
    )


def plans(root: str) -> list[str]:
    """Ids of all plans."""
    return sorted(
        folder for folder in _folders(join(root, "waves")) if isfile(join(root, "waves", folder, "plan.yaml"))
    )


def waves(root: str, plan: str | None) -> list[str]:
    """Numbers of the waves in the published dates."""
    texts = (_text(join(root, "waves", name, "schedule.yaml")) for name in _chosen(root, plan))
    return [str(n) for n in sorted({int(found) for text in texts for found in _WAVE.findall(text)})]


def gates(root: str, plan: str | None) -> list[str]:
    """Ids of gates, of presets too; a gate `wave` stands for each later wave, by its number."""
    found = _entries(root, plan, "gates")
    if "wave" in found:
        found |= {f"wave-{number}" for number in waves(root, plan) if int(number) > 1}
    return sorted(found)


def activities(root: str, plan: str | None) -> list[str]:
    """Ids of activities, of presets too."""
    return sorted(_entries(root, plan, "activities"))


def systems(root: str) -> list[str]:
    """Ids of the systems register."""
    return sorted(set(_keys(_text(join(root, "sites", "_systems.yaml")), "systems")))


def _entries(root: str, plan: str | None, block: str) -> set[str]:
    found: set[str] = set()
    for name in _chosen(root, plan):
        text = _text(join(root, "waves", name, "plan.yaml"))
        preset = match[1] if (match := _PRESET.search(text)) else "standard@1"
        found |= {*_keys(text, block), *_keys(_preset(root, preset), block)}
    return found


def _chosen(root: str, plan: str | None) -> list[str]:
    return [name for name in plans(root) if plan is None or name == plan]


def _preset(root: str, name: str) -> str:
    places = (root, _PACKAGE, os.path.dirname(_PACKAGE))
    return next((text for place in places if (text := _text(join(place, "templates", "presets", f"{name}.yaml")))), "")


def _keys(text: str, block: str) -> Iterator[str]:
    """The ids of a top-level block: keys of its first level, or of `- {id: …}` entries."""
    start = re.search(rf"^{block}:", text, re.MULTILINE)
    if start is None:
        return
    indent: int | None = None
    for line in text[text.find("\n", start.end()) + 1 :].splitlines():
        bare = line.lstrip(" ")
        depth = len(line) - len(bare)
        if not bare or bare.startswith("#"):
            continue
        if depth == 0 and not bare.startswith("- "):
            return
        indent = depth if indent is None else indent
        found = re.match(r"-? *\{? *id: *([a-z0-9-]+)|([a-z0-9-]+):(?: |$)", bare) if depth == indent else None
        if found is not None and _is(name := found[1] or found[2]):
            yield name


def _is(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_LARGE)
    except OSError:
        return ""


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if _is(entry.name) and entry.is_dir()]
    except OSError:
        return []


def _files(folder: str) -> Iterator[str]:
    """Names of all files below; links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        yield from _files(entry.path)
                else:
                    yield entry.name
    except OSError:
        return
