"""`docs/reference/commands.md`: every command with its options, made from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import typer

from rollout.cli.app import app
from rollout.cli.complete_table import choices
from rollout.model.answers.commands import ANSWERS

_GUIDE = """\
# Commands

<!-- Made from the code: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/cli/test_reference.py writes it anew. -->

Every command that is about a programme takes `-C DIR`, behind its name or before it: the programme's folder, or one
below it; without it the folder you are in. `--quiet` leaves results and errors, wherever it stands on the line.
`NO_COLOR=1` takes colours away. Results go to stdout; progress and notes to stderr. What `--format json` answers stands
in [json.md](json.md), the codes of problems in [rules.md](rules.md).

| exit code | |
| --- | --- |
| 0 | fine |
| 1 | the answer is no: problems, no plan, a closed gate, pages behind, changed with `diff --exit-code` |
| 2 | wrong usage |
| 3 | it could not be done: disk, git, a lock, a missing extra, a fault of rollout |
| 130, 143, 129 | ended by INT, TERM, HUP; nothing is half-written |
"""
_SAID_ONCE = ("-C", "--help")


def commands_reference() -> str:
    """The page."""
    group = typer.main.get_command(app)
    parts = [_GUIDE]
    panel = None
    for name, command in _commands(group):
        if command.rich_help_panel != panel and name.count(" ") == 0:
            panel = command.rich_help_panel
            parts.append(f"## {panel}\n")
        parts.append(_part(name, command))
    return "\n".join(parts).rstrip() + "\n"


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if inner := getattr(command, "commands", None):
            assert inner
            yield from _commands(command, f"{before}{name} ")
        elif not command.hidden:
            yield f"{before}{name}", command


def _part(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.opts[0] not in _SAID_ONCE]
    words = " ".join(["rollout", name, *(_spelled(one) for one in arguments), *(["[OPTIONS]"] if options else [])])
    text = f"### rollout {name}\n\n```text\n{words}\n```\n\n{_help(command.help or '')}\n"
    if answers := [f"`{one}`" for one in ANSWERS if one == name or one.startswith(f"{name} ")]:
        text += f"\nAnswers programs as: {', '.join(answers)}.\n"
    rows = [(f"`{_spelled(one)}`", one.help or "") for one in arguments]
    rows += [(_option(one), f"{one.help or ''}{_default(one)}") for one in options]
    cells = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return (
        text + "\n" + "\n".join(["| | |", "| --- | --- |", *(f"| {row} |" for row in cells)]) + "\n" if rows else text
    )


def _help(text: str) -> str:
    """The help with its examples as a block."""
    head, _, rest = text.partition("\n\nExamples:\n")
    if not rest:
        return text
    examples, _, more = rest.partition("\n\n")
    while more.startswith("Examples:\n"):
        further, _, more = more.removeprefix("Examples:\n").partition("\n\n")
        examples += "\n" + further
    lines = "\n".join(line.removeprefix("    ") for line in examples.splitlines())
    return "\n\n".join(part for part in (head, f"```sh\n{lines}\n```", more) if part)


def _spelled(one: Any) -> str:
    name = one.metavar or one.name.upper()
    return name if one.required or name.startswith("[") else f"[{name}]"


def _option(one: Any) -> str:
    taken = "" if one.is_flag else f" {one.metavar or _value(one.type_descriptor.annotation)}"
    return f"`{one.opts[0]}{taken}`"


def _value(annotation: Any) -> str:
    return "/".join(choices(annotation)) or ("N" if int in (annotation, *get_args(annotation)) else "TEXT")


def _default(one: Any) -> str:
    if isinstance(one.show_default, str):
        return f" Without it: {one.show_default}."
    if one.is_flag or one.default in (None, "", (), []) or not one.show_default:
        return ""
    return f" Without it: {one.default}."
