"""The templates of a programme's pages: those that come with rollout, and its own in their place, file by file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rollout.load.workspace import Workspace, shipped
from rollout.model.boxes import ID
from rollout.model.layout import SHIPPED_TEMPLATE, TEMPLATES
from rollout.problem import Problem, RolloutError

SIZE_LIMIT = 250_000
"""Bytes of a template; the largest that comes with rollout has 18,000."""


def load_templates(workspace: Workspace) -> Mapping[str, str]:
    """Template texts by name: `playbook.md.j2` is the one in use, `shipped/playbook.md.j2` what comes with rollout.

    Raises RolloutError for files that cannot be read.
    """
    texts = dict(shipped_templates())
    problems: list[Problem] = []
    for path in workspace.walk(TEMPLATES, problems):
        name = path.removeprefix(TEMPLATES + "/")
        if not name.endswith(".j2"):
            continue
        if name.startswith(SHIPPED_TEMPLATE):
            said = "below templates/documents/shipped stands what comes with rollout, and nothing can be put there"
            hint = "move it up into templates/documents"
            problems.append(Problem(path=path, line=1, column=1, code="template", message=said, hint=hint))
            continue
        text = workspace.decoded(path, problems, SIZE_LIMIT) or ""
        texts[name] = text.replace("\r\n", "\n")
    if problems:
        raise RolloutError(*problems)
    return dict(sorted(texts.items()))


def shipped_templates() -> Mapping[str, str]:
    """Those that come with rollout, each under both of its names."""
    folder = shipped("templates") / "documents"
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.j2"))
    }
    # An own file reaches the one it stands for by this name: {% extends "shipped/checklist.md.j2" %}.
    return texts | {f"{SHIPPED_TEMPLATE}{name}": text for name, text in texts.items()}


def report_templates() -> Mapping[str, str]:
    """The texts of the report page by name. A programme cannot replace them: the page's policy names their digests."""
    folder = shipped("templates") / "report"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file()}


def has_own_templates(workspace: Workspace) -> bool:
    """Whether a programme's pages are made by anything else."""
    return any(True for _ in workspace.walk(TEMPLATES, []))


def named_items(templates: Mapping[str, str]) -> frozenset[str]:
    """Ids of blocks that templates write out: an item of a programme's own checklist need not be an activity."""
    return frozenset(
        name for text in templates.values() for name in re.findall(rf"<!-- rollout:({ID})(?: [0-9a-f]+)? -->", text)
    )
