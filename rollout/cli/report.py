"""Writes what commands answer: tables, problems, JSON. Results go to stdout, notes and errors to stderr."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollout.model.harmless import cell as harmless
from rollout.model.harmless import clean, markdown
from rollout.model.unseen import spelled
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from rollout.model.change import Change
    from rollout.model.table import Table

_NARROW = 15
"""Columns up to this wide are never wrapped."""


def say(text: str = "") -> None:
    """One line of the result."""
    sys.stdout.write(clean(text) + "\n")


def say_sentence(text: str, how: str = "text") -> None:
    """A sentence of the result, with what people wrote in it made harmless for where it lands."""
    say(markdown(text) if how == "markdown" else text)


def say_paragraph(text: str, how: str = "text") -> None:
    """A sentence of the result, on a terminal broken between words; later lines stand a little further in."""
    from textwrap import fill

    if how != "text":
        say_sentence(text, how)
        say()
        return
    text = clean(text)
    margin = " " * (len(text) - len(text.lstrip(" ")) + 2)
    say(fill(text, console().width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False))


def note(text: str) -> None:
    """One line beside the result."""
    sys.stderr.write(clean(text) + "\n")


def write_json(answer: dict[str, Any]) -> None:
    """The answer for programs."""
    text = spelled(json.dumps(answer, ensure_ascii=False, indent=2))
    sys.stdout.write(re.sub(r"##(?=[a-z]*\[)", r"#\\u0023", text) + "\n")


def write_bytes(data: bytes) -> None:
    """The answer in a format of its own, byte for byte."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def console() -> Console:
    """The terminal's width, colour and all, as rich finds them."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def write_table(table: Table, how: str = "text") -> None:
    """A table as text for a terminal, Markdown or CSV."""
    if how == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([harmless(title) for title in table.columns])
        writer.writerows([harmless(cell) for cell in row] for row in table.rows)
        return
    if how == "markdown":
        say(table.markdown())
        return
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, column in enumerate(table.columns):
        # Dates and ids stay on one line; names and sentences may wrap.
        longest = max((len(row[number]) for row in table.rows), default=0)
        drawn.add_column(Text(clean(column)), overflow="fold", no_wrap=longest <= _NARROW)
    for row in table.rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    out = console()
    out.print(drawn)
    for line in table.notes:
        out.print(Text(clean(line)))


def show_changes(changes: Iterable[Change]) -> None:
    """What would be written, as a unified diff."""
    import difflib

    for change in changes:
        old = "/dev/null" if change.before is None else f"a/{change.path}"
        new = "/dev/null" if change.after is None else f"b/{change.path}"
        before, after = (change.before or "").splitlines(), (change.after or "").splitlines()
        for line in difflib.unified_diff(before, after, old, new, lineterm=""):
            say(line)


def complain(error: RolloutError) -> None:
    """The problems of an error, to stderr."""
    write_problems(error.problems, sys.stderr, None)


def write_problems(problems: tuple[Problem, ...], out: Any, root: Path | None) -> None:
    """One line a problem; on a terminal with the line of the file and a caret."""
    is_terminal = out.isatty()
    for problem in problems:
        line = clean(str(problem)).replace("\n", " ")
        if problem.severity == "warning":
            line = line.replace(f"{problem.code}: ", f"{problem.code}: warning: ", 1)
        out.write(line + "\n")
        if is_terminal and root is not None and problem.line:
            shown = _line(root / problem.path, problem.line)
            if shown.strip():
                before = re.sub(r"[^\t]", " ", shown[: problem.column - 1])
                out.write(f"    {clean(shown)}\n    {before}^\n")


def _line(path: Path, number: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[number - 1] if number <= len(lines) else ""
