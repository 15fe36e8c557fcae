"""Whatever a test has a command answer for programs is held against the schema of that command."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from jsonschema import Draft202012Validator

from rollout.model.answers.commands import ANSWERS
from rollout.render.answers import answer_schema


@cache
def _validators(command: str) -> tuple[Draft202012Validator, ...]:
    """Of every way in which a command answers, by its first word."""
    return tuple(
        Draft202012Validator(answer_schema(one))
        for one in ANSWERS
        if one.split()[0] == command or one == f"export {command}"
    )


def held(words: Iterable[str], stdout: str) -> None:
    """Fails where the words ask for JSON and the answer is not of its schema; an answer that is no object says nothing."""
    words = [str(word) for word in words]
    if "json" not in words or not stdout.startswith("{"):
        return
    command = next(word for word in words if not word.startswith("-"))
    ways = _validators(words[words.index("export") + 1] if command == "export" else command)
    assert ways, f"rollout {' '.join(words)} answers JSON that has no schema"
    answer = json.loads(stdout)
    faults = [[f"{error.json_path}: {error.message}" for error in way.iter_errors(answer)] for way in ways]
    assert any(not found for found in faults), (words, min(faults, key=len)[:5])
