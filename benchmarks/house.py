"""The house measured: what STYLE asks of files, functions, imports and tests, counted. `python benchmarks/house.py`.

Standard library only, so that it can be run over any checkout: `python benchmarks/house.py PATH`. Exit code 1 where a
limit is passed. The limits were set beside five projects whose code is a pleasure to read (yamllint, pip-audit,
pre-commit, import-linter, check-jsonschema).
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOMS = ("load", "check", "sequence", "track", "compare", "render", "commit")
"""Folders of one layer: none may import another."""
ALIKE = 6
"""Lines in a row that count as written twice."""


@dataclass(frozen=True)
class Measure:
    """One line of the table: what was counted, what is allowed, and where it is not kept."""

    what: str
    found: str
    allowed: str
    where: tuple[str, ...] = ()
    is_kept: bool = True


def measures(top: Path) -> Iterator[Measure]:
    """All of them, over `rollout/` and `tests/` of a checkout."""
    code = {path.relative_to(top).as_posix(): path.read_text(encoding="utf-8") for path in _python(top / "rollout")}
    tests = {path.relative_to(top).as_posix(): path.read_text(encoding="utf-8") for path in _python(top / "tests")}
    trees = {path: ast.parse(text) for path, text in code.items()}
    crossing = [f"{path}:{line} imports {room}" for path, tree in trees.items() for line, room in _crossing(path, tree)]
    yield Measure("imports from room to room, lazy and type-only too", str(len(crossing)), "0", tuple(crossing))
    yield from _sizes(code)
    yield from _functions(trees)
    yield _comments(code)
    lines = {name: sum(text.count("\n") for text in texts.values()) for name, texts in (("c", code), ("t", tests))}
    data = sum(_lines(path) for path in (top / "tests").rglob("*") if path.is_file() and path.suffix in _DATA)
    ratio = (lines["t"] + data) / lines["c"]
    said = f"{ratio:.2f} ({lines['t']:,} lines of Python and {data:,} of examples to {lines['c']:,})"
    yield Measure("tests to code", said, "1 to 2", is_kept=1 <= ratio <= 2)
    twice = sorted(_twice(code))
    yield Measure(f"runs of {ALIKE} lines written twice", str(len(twice)), "0", tuple(twice), is_kept=not twice)


_DATA = (".yaml", ".yml", ".txt", ".md", ".csv", ".json")


def _python(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _room(path: str) -> str | None:
    parts = path.split("/")
    return parts[1].removesuffix(".py") if len(parts) > 1 and parts[1].removesuffix(".py") in ROOMS else None


def _crossing(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    here = _room(path)
    if here is None:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        rooms = {name.split(".")[1] for name in names if name.startswith("rollout.") and name.split(".")[1] in ROOMS}
        yield from ((node.lineno, room) for room in sorted(rooms - {here}))


def _sizes(code: dict[str, str]) -> Iterator[Measure]:
    sizes = {path: text.count("\n") for path, text in code.items() if not path.endswith("__init__.py")}
    middle = median(sizes.values())
    yield Measure("lines of a file, median", f"{middle:.0f} of {len(sizes)}", "60 to 130", is_kept=60 <= middle <= 130)
    long = [f"{path}: {size}" for path, size in sizes.items() if size > 400]
    yield Measure("lines of the longest file", str(max(sizes.values())), "400", tuple(long), is_kept=not long)


def _functions(trees: dict[str, ast.Module]) -> Iterator[Measure]:
    lengths, bare, untyped = [], [], []
    for path, tree in trees.items():
        for node, is_public in _defined(tree):
            lengths.append((node.end_lineno or node.lineno) - node.lineno + 1)
            place = f"{path}:{node.lineno} {node.name}"
            if is_public and ast.get_docstring(node) is None:
                bare.append(place)
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            is_typed = all(a.annotation or a.arg in ("self", "cls") for a in arguments) and node.returns
            if is_public and not is_typed:
                untyped.append(place)
    p90 = quantiles(lengths, n=10)[-1]
    yield Measure("lines of a function, 90 of 100", f"{p90:.0f} of {len(lengths):,}", "under 40", is_kept=p90 < 40)
    longest = max(lengths)
    yield Measure("lines of the longest function", str(longest), "-")
    yield Measure("public functions without a docstring", str(len(bare)), "0", tuple(bare), is_kept=not bare)
    yield Measure("public functions without types", str(len(untyped)), "0", tuple(untyped), is_kept=not untyped)


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _defined(tree: ast.Module) -> Iterator[tuple[_Function, bool]]:
    """Functions and methods, and whether others may call them: those of a public class that is not overriding a
    method of the standard library count, special methods do not."""

    def within(node: ast.Module | ast.ClassDef, *, is_public: bool) -> Iterator[tuple[_Function, bool]]:
        for child in node.body:
            if isinstance(child, _Function):
                yield child, is_public and not child.name.startswith("_")
                yield from (
                    (inner, False) for inner in ast.walk(child) if isinstance(inner, _Function) and inner != child
                )
            elif isinstance(child, ast.ClassDef):
                yield from within(child, is_public=is_public and not child.name.startswith("_"))

    yield from within(tree, is_public=True)


def _comments(code: dict[str, str]) -> Measure:
    lines = sum(text.count("\n") for text in code.values())
    found = 0
    for text in code.values():
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        found += sum(1 for token in tokens if token.type == tokenize.COMMENT)
    return Measure("comments in 100 lines", f"{100 * found / lines:.1f}", "-")


def _twice(code: dict[str, str]) -> set[str]:
    """Where runs of lines stand a second time; blank lines, imports, signatures and texts do not make a run: an option
    has to be named by every command that takes it."""
    runs: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for path, text in code.items():
        skipped = set(_skipped(ast.parse(text)))
        kept = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if number not in skipped]
        kept = [(number, line) for number, line in kept if len(line) > 3]
        for first in range(len(kept) - ALIKE + 1):
            part = kept[first : first + ALIKE]
            runs[tuple(line for _, line in part)].append((path, part[0][0]))
    found: set[str] = set()
    seen: dict[tuple[str, ...], int] = {}
    for places in runs.values():
        files = tuple(path for path, _ in places)
        if len(places) > 1 and places[0][1] != seen.get(files, -2) + 1:
            found.add(" = ".join(f"{path}:{line}" for path, line in places))
        if len(places) > 1:
            seen[files] = places[0][1]
    return found


def _skipped(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            yield from range(node.lineno, node.body[0].lineno)
        elif isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.end_lineno != node.lineno
        ):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


def main(top: Path) -> int:
    """Print the table, then the places; 1 where a limit is passed."""
    found = list(measures(top))
    print("| measure | found | asked |\n|---|---|---|")
    for row in found:
        print(f"| {row.what} | {row.found} | {row.allowed} |")
    for row in found:
        for place in row.where:
            print(f"{row.what}: {place}")
    return 0 if all(row.is_kept and not row.where for row in found) else 1


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1]))
