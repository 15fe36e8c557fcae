"""One overlay makes the effective data before validation: folder defaults, presets, what-if.

Mappings merge by key, lists of scalars replace, lists of entries with an id add up (the same id replaces), `~` removes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Raw = Any
"""None, str, dict[str, Raw] or list[Raw]."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One more layer over a file, nearer than all others: as if somebody had edited it, and nobody did."""

    source: str
    """What problems name instead of the file and a line of it: `--delay lyon=3w`."""
    path: str
    """The file; there need not be one. Records are appended to it, anything else is merged over it."""
    raw: Raw


@dataclass(frozen=True, slots=True)
class Overlay:
    """Edits that nobody wrote, the later over the earlier."""

    edits: tuple[Edit, ...] = ()

    def over(self, path: str) -> list[tuple[str, Raw]]:
        """The layers over a file, nearest first, each with what problems call it."""
        return [(edit.source, edit.raw) for edit in reversed(self.edits) if edit.path == path]

    def names(self, folder: str) -> list[str]:
        """Files of a folder that edits are about, each once, in the order of the edits."""
        below = [edit.path.rpartition("/") for edit in self.edits]
        return list(dict.fromkeys(name for parent, _, name in below if parent == folder))

    def layers_of(self, source: str) -> list[Raw]:
        """Everything that the edits of one source say; empty when the name is a file's."""
        return [edit.raw for edit in self.edits if edit.source == source]


NOTHING = Overlay()


def overlay(layers: Iterable[Raw]) -> dict[str, Raw]:
    """The effective mapping of layers, farthest first. Entry lists come out as mappings from id to entry."""
    result: Raw = {}
    for layer in layers:
        result = _merge(result, layer)
    return result if isinstance(result, dict) else {}


def _merge(base: Raw, over: Raw) -> Raw:
    if type(over) is str:
        return over
    if isinstance(over, dict):
        result = dict(base) if isinstance(base, dict) else {}
        for key, value in over.items():
            if value is None:
                result.pop(key, None)
            elif type(value) is str:
                result[key] = value
            else:
                result[key] = _merge(result.get(key), value)
        return result
    if isinstance(over, list) and (entries := _by_id(over)) is not None:
        return {**base, **entries} if isinstance(base, dict) else entries
    return over


def _by_id(items: list[Raw]) -> dict[str, Raw] | None:
    """Entries by id, or None where it is not a list of entries, or an id is repeated (the model then says so)."""
    if not items:
        return None
    entries: dict[str, Raw] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(name := item.get("id"), str) or name in entries:
            return None
        entries[name] = _merge(None, item)
    return entries


def holds(raw: Raw, keys: tuple[str | int, ...]) -> bool:
    """Whether a key path of effective data stands in this layer."""
    for part in keys:
        if isinstance(raw, dict) and part in raw:
            raw = raw[part]
        elif isinstance(raw, list) and isinstance(part, int):
            if part >= len(raw):
                return False
            raw = raw[part]
        elif isinstance(raw, list):
            found = next((item for item in raw if isinstance(item, dict) and item.get("id") == part), None)
            if found is None:
                return False
            raw = found
        else:
            return False
    return True
