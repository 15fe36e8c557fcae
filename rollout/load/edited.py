"""Two states of a programme's files → what somebody wrote otherwise, value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from rollout.load.kinds import kind_of
from rollout.load.workspace import FOLDERS, Workspace
from rollout.model.edited import RECORD, Edited, Kind, shortened
from rollout.model.layout import is_written
from rollout.model.record import PROGRAMME
from rollout.model.source import Source
from rollout.problem import Problem, RolloutError


def edits(before: Workspace, after: Workspace, templates: str = "templates") -> tuple[Edited, ...]:
    """Everything that is otherwise in `sites/`, `waves/` and `templates/`, by file.

    What rollout writes itself (dates, holidays) is no edit. A file that cannot be read as YAML is one edit as a whole.
    """
    paths = sorted({path for side in (before, after) for top in (*FOLDERS, templates) for path in side.walk(top, [])})
    found: list[Edited] = []
    for path in paths:
        if is_written(path):
            continue
        old, new = before.read(path), after.read(path)
        if old != new:
            found += _of_file(path, before, after, old, new)
    return tuple(found)


def _of_file(path: str, before: Workspace, after: Workspace, old: bytes | None, new: bytes | None) -> Iterator[Edited]:
    file_kind = kind_of(path)
    kind_name = file_kind.name if file_kind else ""
    what, source = _name(path, kind_name), Source((path,))
    if not path.endswith(".yaml"):
        kind: Kind = "changed" if old is not None and new is not None else "removed" if new is None else "added"
        if (old or b"").replace(b"\r\n", b"\n") != (new or b"").replace(b"\r\n", b"\n"):
            yield Edited(kind=kind, what=what, key="", source=source)
        return
    try:
        was, now = _value(before, path, old), _value(after, path, new)
    except RolloutError:
        yield Edited(kind="changed", what=what, key="", source=source)
        return
    if kind_name == "records":
        yield from _records(what, source, was, now)
    elif old is None:
        yield Edited(kind="added", what=what, key="", after=_title(now), source=source)
    elif new is None:
        yield Edited(kind="removed", what=what, key="", before=_title(was), source=source)
    else:
        yield from _values(what, source, (), was, now)


def _title(value: Any) -> str:
    return _said(value.get("name") or "") if isinstance(value, dict) else ""


def _value(side: Workspace, path: str, data: bytes | None) -> Any:
    if data is None:
        return None
    problems: list[Problem] = []
    value = side.yaml(path, problems)
    if problems:
        raise RolloutError(*problems)
    return value


def _name(path: str, kind_name: str) -> str:
    """What people call a file: a site and its records by its id, a plan and its records by its name."""
    *above, stem = path.removesuffix(".yaml").split("/")
    if kind_name == "defaults":
        return f"defaults of {'/'.join(above)}"
    if kind_name == "plan" or (kind_name == "records" and stem == PROGRAMME):
        return f"plan {above[1]}"
    if kind_name in ("site", "records"):
        return stem
    return kind_name or path


def _values(what: str, source: Source, keys: tuple[str, ...], was: Any, now: Any) -> Iterator[Edited]:
    """The differences of two values, as deep as both have the same shape."""
    if was == now:
        return
    key = " ".join(keys)
    left, right = _by_key(was), _by_key(now)
    if left is None or right is None:
        yield Edited(kind="changed", what=what, key=key, before=_said(was), after=_said(now), source=source)
        return
    for name in (*left, *(name for name in right if name not in left)):
        if name in left and name in right:
            yield from _values(what, source / _step(now, name), (*keys, name), left[name], right[name])
            continue
        key = " ".join((*keys, name))
        if name in left:
            yield Edited(kind="removed", what=what, key=key, before=_said(left[name]), source=source)
        else:
            at = source / _step(now, name)
            yield Edited(kind="added", what=what, key=key, after=_said(right[name]), source=at)


def _by_key(value: Any) -> Mapping[str, Any] | None:
    """A mapping by its keys, a list of entries by their ids (the two forms of one thing); None for anything else."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(entry, dict) and "id" in entry for entry in value):
        found = {str(entry["id"]): {k: v for k, v in entry.items() if k != "id"} for entry in value}
        return found if len(found) == len(value) else None
    return None


def _step(value: Any, key: str) -> str | int:
    """The step that leads to an entry in the file itself."""
    if isinstance(value, list):
        return next(number for number, entry in enumerate(value) if entry["id"] == key)
    return key


def _records(what: str, source: Source, was: Any, now: Any) -> Iterator[Edited]:
    """Lines that came and lines that went; their order means nothing."""
    old = [_line(entry) for entry in was] if isinstance(was, list) else []
    new = [_line(entry) for entry in now] if isinstance(now, list) else []
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for number, line in enumerate(new):
        if come[line] > 0:
            come[line] -= 1
            yield Edited(kind="added", what=what, key=RECORD, after=line, source=source / number)
    for line in old:
        if gone[line] > 0:
            gone[line] -= 1
            yield Edited(kind="removed", what=what, key=RECORD, before=line, source=source)


def _line(entry: Any) -> str:
    if not isinstance(entry, dict):
        return _said(entry)
    return shortened(", ".join(f"{key} {_plain(value)}" for key, value in entry.items()), 160)


def _said(value: Any) -> str:
    return shortened(_plain(value))


def _plain(value: Any) -> str:
    """A value in one line, as one would write it; every scalar is text already."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return "~" if value is None else str(value)
