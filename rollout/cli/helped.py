"""Help that fits a screen: one line a command in the list, and in each command's own help the examples first."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from copy import copy
from textwrap import dedent, indent
from typing import Any

import typer
from typer.core import TyperGroup
from typer.models import CommandInfo

_SHORT = {
    "import": "Turn the rows of a spreadsheet into site files",
    "validate": "Check every file and every rule",
    "plan": "Give every site a day that obeys every constraint",
    "publish": "Validate, plan, write the pages, and commit exactly those",
    "diff": "What an edit does: who moves, why, what it voids",
    "due": "What has to start, overdue first, and who does it",
    "status": "Where each site, each wave and the whole stand",
    "show": "A site after inheritance, each value with its line",
    "explain": "Why a site goes live when it does, and not earlier",
    "lighthouse": "Rank the sites for being the first",
    "systems": "Systems believed, declared and found; connectors",
    "people": "Engineers, sponsors, champions, load of the hub",
    "budget": "Budget, committed, actual, and a forecast that learns",
    "portfolio": "What could be rolled out, best first",
    "record": "Record what happened, in one line",
    "whatif": "Try changes of the plan; nothing is written",
    "capacity": "Who has how much to do when",
    "forecast": "How sure the published dates are",
    "gate": "May it go on? Criteria, evidence, approvals",
    "lessons": "What the sites have learned, and what became of it",
    "proof": "What was measured before and since go-live",
    "audit": "Who decided what, when, on which evidence",
    "report": "Everything people look at, as one HTML page",
    "rules": "Every code that rollout says, and its page",
    "init": "Begin a programme: files to fill in, or the example",
    "demo": "Walk the whole road on the example",
    "render": "Write the pages of every site on its dates",
    "export": "Workbooks, calendars, issues, diagrams",
    "fmt": "Put the files that people write in order",
    "schema": "JSON Schemas, so that editors complete and check",
    "doctor": "Whether everything is there to work with; remedies",
}
"""What the list of commands says of each; the first sentence of its own help where it is not here."""


_NAMES = 12
"""Width of the column of commands."""


_WANTED = {
    "int_parsing": "a whole number is wanted, not {input!r}",
    "greater_than_equal": "at least {ge} is wanted, not {input}",
    "less_than_equal": "at most {le} is wanted, not {input}",
}
"""What is said of a value that pydantic found wrong, by its name for the fault."""


class Groups(TyperGroup):
    """The whole line: its help is one screen, a line a command, and what is wrong is said in our words."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; pydantic's words for a wrong value do not get past here."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _in_our_words(error)
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """What `rollout --help` says."""
        first, *more = (inspect.getdoc(self.callback) or "").split("\n\n")
        lines = [f"Usage: {ctx.command_path} [OPTIONS] COMMAND [ARGS]...", "", first]
        lines += [" ".join(part.split()) for part in more]
        by_panel: dict[str, list[str]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                panel = getattr(command, "rich_help_panel", None)
                entry = f"  {name:<{_NAMES}}{command.get_short_help_str(limit=200)}"
                by_panel.setdefault(panel if isinstance(panel, str) else "More", []).append(entry)
        for panel, entries in by_panel.items():
            lines += ["", f"{panel}:", *entries]
        options = "  ".join(option.opts[0] for option in self.get_params(ctx) if not getattr(option, "hidden", False))
        lines += ["", f"{ctx.command_path} COMMAND --help says more, with examples.", f"Options: {options}"]
        formatter.write("\n".join(lines) + "\n")


def _in_our_words(error: typer.BadParameter) -> str:
    faults: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    fault = faults[0] if faults else {}
    if said := _WANTED.get(fault.get("type", "")):
        return said.format(input=fault["input"], **fault.get("ctx", {}))
    return error.message.removeprefix("Value error, ")


def folder_behind(app: typer.Typer, words: Sequence[str]) -> list[str]:
    """The words with the `-C DIR` that stands before the command, as git takes it, behind the command."""
    rest, folder, others = list(words), list[str](), list[str]()
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word.startswith("-C"):
            folder += [word, *rest[:1]] if word == "-C" else [word]
            del rest[: word == "-C"]
        else:
            others.append(word)
    groups = {group.typer_instance.info.name for group in app.registered_groups if group.typer_instance}
    at = 2 if rest and rest[0] in groups else 1
    return [*others, *rest[:at], *(folder if rest else ()), *rest[at:]]


def only_called(app: typer.Typer, words: Sequence[str]) -> typer.Typer:
    """The line with no other command than the one these words call: making all takes longer than most need to run.

    The whole line where they call none, as for its help.
    """
    name = next((word for word in words if not word.startswith("-")), None)
    commands = [command for command in app.registered_commands if _name_of(command) == name]
    groups = [one for one in app.registered_groups if one.typer_instance and one.typer_instance.info.name == name]
    if not (commands or groups):
        return app
    found = copy(app)
    found.registered_commands, found.registered_groups = commands, groups
    return found


def _name_of(command: CommandInfo) -> str | None:
    return command.name or (command.callback.__name__.rstrip("_") if command.callback else None)


def tidy(app: typer.Typer, below: str = "") -> None:
    """Gives every command of the line its entry in the list and its examples their place.

    `below` is what is typed before its name: `export plan` is not `plan`.
    """
    for command in app.registered_commands:
        name = _name_of(command)
        if name is not None and command.callback is not None:
            command.short_help = _SHORT.get(f"{below}{name}", "")
            command.help = examples_first(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            name = f"{below}{group.typer_instance.info.name}"
            group.short_help = _SHORT.get(name, "")
            tidy(group.typer_instance, f"{name} ")


def examples_first(function: Callable[..., Any]) -> str:
    """A command's help with its examples right below its first sentence."""
    parts = (inspect.getdoc(function) or "").split("\n\n")
    found = [part for part in parts[1:] if part.startswith(("    rollout ", "rollout "))]
    rest = [_unbroken(part) for part in parts[1:] if part not in found]
    examples = [f"Examples:\n{indent(dedent(part), '    ')}" for part in found]
    return "\n\n".join([*parts[:1], *examples, *rest])


def _unbroken(part: str) -> str:
    """A paragraph as one line, for the terminal to break: broken twice, every second line is half empty. Lists stay."""
    return part if "  " in part else " ".join(part.split("\n"))
