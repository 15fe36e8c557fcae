"""Templates that cannot be read end a run as every other file does."""

from __future__ import annotations

import pytest

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.problem import RolloutError, environment
from tests.conftest import Write


class Locked(Workspace):
    """A folder whose templates may not be read (whoever runs the tests may read everything)."""

    def read(self, path: str) -> bytes | None:
        if path.endswith(".j2"):
            raise environment("unreadable", "the file cannot be read", "", path)
        return super().read(path)


def test_a_template_that_may_not_be_read_is_no_mistake_in_it(programme_folder: Write) -> None:
    root = programme_folder({"templates/documents/playbook.md.j2": "# Own\n"})
    with pytest.raises(RolloutError) as stopped:
        load_templates(Locked(root))
    assert stopped.value.exit_code == 3
