"""The page about commands is made from the command line."""

from __future__ import annotations

import os
from pathlib import Path

from rollout.cli.reference import commands_reference

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"


def test_the_reference_is_made_from_the_command_line() -> None:
    made = commands_reference()
    if os.environ.get("ROLLOUT_UPDATE_GOLDEN"):
        PAGE.write_text(made, encoding="utf-8", newline="")
    assert made == PAGE.read_text(encoding="utf-8")
