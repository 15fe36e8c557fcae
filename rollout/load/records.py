"""Files of records → the records in them, or problems."""

from __future__ import annotations

from dataclasses import replace

from rollout.load.lines import MARKERS
from rollout.load.overlay import Overlay, Raw
from rollout.load.validate import build
from rollout.load.workspace import Workspace, wrong_extension
from rollout.model.record import KINDS, PROGRAMME, Record, kind_in
from rollout.problem import Problem, did_you_mean


def load_records(
    workspace: Workspace, over: Overlay, folder: str, problems: list[Problem]
) -> dict[str, tuple[Record, ...]]:
    """By site (or `_plan`), what stands in the files of a folder of records, and what edits append to them."""
    records: dict[str, tuple[Record, ...]] = {}
    names = workspace.names(folder, problems)
    there = {name for name, _ in names}
    for name, is_folder in (*names, *((name, False) for name in over.names(folder) if name not in there)):
        path = f"{folder}/{name}"
        if not is_folder and name.endswith(".yml"):
            problems.append(wrong_extension(path))
        if is_folder:
            said = "records stand in files: no folder below records/ is read"
            problems.append(Problem(path=path, code="unknown-file", message=said, hint="move its files up"))
        if is_folder or not name.endswith(".yaml"):
            continue
        if name.startswith("_") and name != f"{PROGRAMME}.yaml":
            said = "records of the whole plan stand in _plan.yaml, those of a site in SITE.yaml"
            problems.append(Problem(path=path, code="unknown-file", message=said, hint="rename it"))
            continue
        raw = _lines(workspace, path, problems)
        more = over.over(path)[::-1]
        if raw is None and not more:
            continue
        raw = [] if raw is None else raw
        if not isinstance(raw, list):
            said = "records are a list: one line a record, each beginning with `- `"
            problems.append(Problem(path=path, code="wrong-value", message=said))
            continue
        built = [record_at(path, number, raw, problems) for number in range(len(raw))]
        for source, entries in more:
            # Numbered on, so that of two records of one day these are the later ones.
            built += [record_at(source, n, entries, problems, len(built)) for n in range(len(entries))]
        records[name.removesuffix(".yaml")] = tuple(record for record in built if record is not None)
    return records


def record_at(path: str, number: int, raw: list[Raw], problems: list[Problem], before: int = 0) -> Record | None:
    """The record that stands in a list at a number; None (and problems) where it is none.

    `before` are the records of other files that count as earlier lines of this one.
    """
    entry = raw[number]
    kind = kind_in(entry) if isinstance(entry, dict) else None
    if kind is None:
        said = "a record says what it is about: " + ", ".join(KINDS)
        words = entry if isinstance(entry, dict) else ()
        near = next((hint for word in words if (hint := did_you_mean(word, KINDS))), "")
        problems.append(Problem(path=path, keys=(number,), code="unknown-record", message=said, hint=near))
        return None
    internal = {"index": before + number, "path": path}
    built, wrong = build(KINDS[kind], entry, [(path, raw)], internal, prefix=(number,))
    problems.extend(wrong)
    return built


def _lines(workspace: Workspace, path: str, problems: list[Problem]) -> Raw:
    before = len(problems)
    raw = workspace.yaml(path, problems)
    if len(problems) > before and MARKERS.search((workspace.read(path) or b"").decode("utf-8", "replace")):
        said = "git could not merge this file by itself: it holds the lines of both sides"
        hint = "`rollout fmt` keeps both"
        problems[before:] = [replace(problems[before], code="merge-markers", message=said, hint=hint)]
    return raw
