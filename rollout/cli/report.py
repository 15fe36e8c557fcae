"""Writes what commands answer: tables, problems, JSON. Results go to stdout, notes and errors to stderr."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rollout.cli.destination import collected
from rollout.cli.spelled import is_unicode, spelled
from rollout.model.harmless import cell as harmless
from rollout.model.harmless import clean, markdown
from rollout.model.unseen import spelled as escaped_unseen
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

    from rollout.model.change import Change
    from rollout.model.table import Table


def say(text: str = "") -> None:
    """One line of the result."""
    sys.stdout.write(spelled(clean(text), sys.stdout) + "\n")


def say_sentence(text: str, how: str = "text") -> None:
    """A sentence of the result, with what people wrote in it made harmless for where it lands; on a terminal broken
    between words.
    """
    if how == "text":
        say(_fill(clean(text)))
    else:
        say(markdown(text) if how == "markdown" else text)


def say_paragraph(text: str, how: str = "text") -> None:
    """A sentence of the result, on a terminal broken between words; later lines stand a little further in."""
    if how != "text":
        say_sentence(text, how)
        say()
        return
    text = clean(text)
    say(_fill(text, len(text) - len(text.lstrip(" ")) + 2))


def _fill(text: str, hang: int = 0) -> str:
    from rollout.cli.fitted import folded

    return "\n".join(folded(text, console().width, hang=hang))


def write_json(answer: Mapping[str, Any]) -> None:
    """The answer for programs."""
    text = escaped_unseen(json.dumps(answer, ensure_ascii=not is_unicode(sys.stdout), indent=2))
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
    """A table as text for a terminal, Markdown, CSV or a sheet of a workbook."""
    if how == "xlsx" and (tables := collected()) is not None:
        tables.append(table)
        return
    if how == "csv":
        _for_programs()
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([harmless(title) for title in table.columns])
        writer.writerows([harmless(cell) for cell in row] for row in table.rows)
        return
    if how == "markdown":
        _for_programs()
        say(table.markdown())
        return
    from rollout.cli.fitted import fitted, wrapped

    width = console().width
    titles = [spelled(clean(title), sys.stdout) for title in table.columns]
    rows = [[spelled(clean(cell), sys.stdout) for cell in row] for row in table.rows]
    for line in fitted(titles, rows, width, "─" if is_unicode(sys.stdout) else "-"):
        sys.stdout.write(f"{line}\n")
    for text in table.notes:
        for line in wrapped(spelled(clean(text), sys.stdout), width):
            say(line.rstrip())


def write_tables(tables: Iterable[Table], how: str) -> None:
    """Tables one below the other, each under its title."""
    for number, table in enumerate(tables):
        if number:
            say()
        say(f"## {table.title}\n" if how == "markdown" else f"{table.title}\n")
        write_table(table, how)


def csv_text(table: Table) -> str:
    """A table as CSV, its cells as they are: for programs that read every cell as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def _for_programs() -> None:
    """What programs read is UTF-8 wherever it is written: no letter of a name may be lost."""
    if not is_unicode(sys.stdout) and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


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
    """One line a problem; on a terminal, and with the programme's folder, also the line of the file and a caret."""
    from rollout.load.locate import Places
    from rollout.load.workspace import Workspace

    is_terminal = out.isatty()
    places = Places(Workspace(root)) if is_terminal and root is not None else None
    for problem in problems:
        line = clean(str(problem)).replace("\n", " ")
        if problem.severity == "warning":
            line = line.replace(f"{problem.code}: ", f"{problem.code}: warning: ", 1)
        out.write(spelled(_fill(line, 4) if is_terminal else line, out) + "\n")
        if places is not None and problem.line:
            shown = places.line(problem.path, problem.line)
            if shown.strip():
                before = re.sub(r"[^\t]", " ", shown[: problem.column - 1])
                out.write(spelled(f"    {clean(shown)}\n    {before}^\n", out))
