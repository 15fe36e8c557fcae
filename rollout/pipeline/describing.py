"""What files accept, for editors; what commands answer, for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rollout.pipeline.loading import alone
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.schemas import SchemaKinds, SchemasKept


def schema_kinds() -> SchemaKinds:
    """The kinds of files there are schemas for."""
    from rollout.load.kinds import KINDS
    from rollout.model.schemas import SchemaKinds

    return SchemaKinds(tuple((kind.name, kind.where, kind.what) for kind in KINDS))


def schema(kind: str) -> str:
    """The JSON Schema of a kind of file, as text. Raises RolloutError for a kind there is not."""
    from rollout.load.kinds import KIND
    from rollout.load.schema import schema_text

    if kind not in KIND:
        hint = did_you_mean(kind, KIND) or "kinds: " + ", ".join(KIND)
        raise RolloutError(Problem(path="", code="unknown-kind", message=f'there is no kind "{kind}"', hint=hint))
    return schema_text(kind)


def answer_schema(command: str) -> str:
    """The JSON Schema of what a command answers with `--format json`, as text. Raises RolloutError where there is none.

    Commands are named as people type them: `plan --check`, `gate GATE`.
    """
    from rollout.model.answers.commands import ANSWERS
    from rollout.render.answers import answer_schema_text

    if command not in ANSWERS:
        hint = did_you_mean(command, ANSWERS) or "answers: " + ", ".join(ANSWERS)
        raise RolloutError(Problem(path="", code="unknown-kind", message=f'nothing answers to "{command}"', hint=hint))
    return answer_schema_text(command)


def write_schemas(root: Path, *, check: bool = False) -> SchemasKept:
    """All schemas as files of a programme, where its editors find them; with `check` nothing is written."""
    from rollout.commit.write import write
    from rollout.load.schema import schema_files
    from rollout.load.workspace import Workspace
    from rollout.model.schemas import SchemasKept

    workspace = Workspace(root)
    files = schema_files({})
    changes = tuple(
        change for change in schema_files({c.path: workspace.text(c.path) for c in files}) if not change.is_empty
    )
    if changes and not check:
        with alone(root):
            write(root, changes)
    return SchemasKept(changes, len(files) - len(changes))
