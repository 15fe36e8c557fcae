"""The page about commands is made from the command line."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from rollout.cli.app import app
from rollout.cli.reference import _commands, commands_reference
from tests.conftest import golden

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"


def test_the_reference_is_made_from_the_command_line() -> None:
    made = commands_reference()
    golden(PAGE, made)


def test_help_has_no_brackets_that_the_terminal_takes_for_styles() -> None:
    for name, command in _commands(typer.main.get_command(app)):
        for text in (command.help, *(one.help for one in command.params)):
            assert not re.search(r"\[[a-z/#@]", text or ""), f"`rollout {name} --help` would not show this: {text}"
