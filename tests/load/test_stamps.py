"""A loop that shows pages anew sees every file that changes."""

from __future__ import annotations

from pathlib import Path

from rollout.load.stamps import stamps
from rollout.load.workspace import Workspace
from tests.conftest import Write


def test_a_link_that_leads_nowhere_hides_no_other_file(programme_folder: Write) -> None:
    """Emacs locks a file that is being edited by such a link beside it."""
    root = programme_folder({f"sites/site-{n}.yaml": f"name: Site {n}\n" for n in range(20)})
    (root / "sites" / ".#site-1.yaml").symlink_to("someone@host.4711")
    found = {Path(path).name for path, _, _ in stamps(Workspace(root))["sites"]}
    assert found == {f"site-{n}.yaml" for n in range(20)}
