"""What runs in a process of its own: python -m benchmarks.writing.work WAY FOLDER SITES EDITION

Pages of some 4 kB, four a site, no two alike; the first edition is all of them, each later one changes one in a thousand.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

PAGES = ("playbook.md", "checklist.md", "go-no-go.md", "training/operators.en.md")
SIZE, SHARE = 4_000, 1_000


def paths(sites: int, edition: int) -> list[str]:
    """The pages that an edition writes."""
    found = [f"playbooks/v/s{number:05}/{page}" for number in range(sites) for page in PAGES]
    return found if edition == 1 else found[::SHARE]


def texts(sites: int, edition: int) -> list[tuple[str, str]]:
    """Their paths and texts."""
    chance = random.Random(f"{sites}/{edition}")
    words = [f"word{n}" for n in range(997)]
    return [
        (path, f"# {path}, edition {edition}\n\n{' '.join(chance.choices(words, k=SIZE // 8))}\n")
        for path in paths(sites, edition)
    ]


def nothing(root: Path, sites: int, edition: int) -> None:
    """Makes the texts, which all ways of writing do first."""
    texts(sites, edition)


def names(root: Path, sites: int, edition: int) -> None:
    """Makes the names, which our way of committing does first."""
    paths(sites, edition)


def direct(root: Path, sites: int, edition: int, beside: str = "") -> None:
    """Opens each file and writes it."""
    known: set[str] = set()
    for path, text in texts(sites, edition):
        target = f"{root}/{path}"
        if (parent := os.path.dirname(target)) not in known:
            os.makedirs(parent, exist_ok=True)
            known.add(parent)
        with open(target + beside, "wb") as file:
            file.write(text.encode())
        if beside:
            os.replace(target + beside, target)


def renamed(root: Path, sites: int, edition: int) -> None:
    """Writes a file beside it and renames that, one after the other."""
    direct(root, sites, edition, ".new")


def ours(root: Path, sites: int, edition: int) -> None:
    """As `render` does."""
    from rollout.commit.write import WHATEVER, write  # noqa: PLC0415 - the others do not pay for it
    from rollout.model.change import Change  # noqa: PLC0415

    before = None if edition == 1 else WHATEVER
    write(root, [Change(path, before, text) for path, text in texts(sites, edition)])


def committed(root: Path, sites: int, edition: int) -> None:
    """As `publish` does."""
    from rollout.repository import Repository  # noqa: PLC0415
    from rollout.repository.committing import commit  # noqa: PLC0415

    assert commit(Repository.find(root), paths(sites, edition), f"edition {edition}") is not None


WAYS: dict[str, Callable[[Path, int, int], None]] = {
    way.__name__: way for way in (nothing, names, direct, renamed, ours, committed)
}

if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
