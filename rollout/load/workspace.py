"""The files of a programme, as they are in the working tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from rollout.load.yaml import FILE_LIMIT, WRITTEN_LIMIT, Value, decode, parse
from rollout.problem import Problem, RolloutError, environment

FOLDERS = ("sites", "waves")
WRITTEN = ("schedule.yaml", "_holidays.yaml", "_known.yaml")
"""Files that rollout writes itself, which may grow larger than people's."""


class Workspace:
    """A programme's folder. Paths are relative to it, with forward slashes; nothing outside it is read."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def names(self, folder: str, problems: list[Problem]) -> list[tuple[str, bool]]:
        """Entries of a folder: name and whether it is a folder, sorted; hidden ones left out.

        A link that leads out of the programme is a problem and is not followed.
        """
        try:
            with os.scandir(self.root / folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise environment("unreadable", f"the folder cannot be read: {error.strerror}", "", folder) from None
        listed = []
        for entry in found:
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}"
            if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(self.root):
                said = "this link leads out of the programme's folder"
                problems.append(Problem(path=path, code="link-outside", message=said, hint="put the file itself here"))
                continue
            listed.append((entry.name, entry.is_dir()))
        return listed

    def walk(self, folder: str, problems: list[Problem]) -> Iterator[str]:
        """Paths of all files below a folder, in order."""
        for name, is_folder in self.names(folder, problems):
            path = f"{folder}/{name}"
            if is_folder:
                yield from self.walk(path, problems)
            else:
                yield path

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None where there is none. Raises RolloutError (3) when it cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise environment("unreadable", f"the file cannot be read: {error.strerror}", "", path) from None

    def text(self, path: str) -> str | None:
        """The text of a file, its line ends as they are; None where there is none. Raises RolloutError if not UTF-8."""
        data = self.read(path)
        if data is None:
            return None
        text, problems = decode(data, path, WRITTEN_LIMIT)
        if problems:
            raise RolloutError(*problems)
        return text

    def yaml(self, path: str, problems: list[Problem]) -> Value:
        """The value of a YAML file; what is wrong with it is added to `problems`, and the value is then None."""
        data = self.read(path)
        if data is None:
            return None
        limit = WRITTEN_LIMIT if path.endswith(WRITTEN) else FILE_LIMIT
        text, wrong = decode(data, path, limit)
        if not wrong:
            value, wrong = parse(text, path)
        problems.extend(wrong)
        return None if wrong else value


def find_root(start: Path) -> Path:
    """The programme's folder: the nearest one upward that holds `sites/` and `waves/`. Raises RolloutError (1)."""
    start = start.absolute()
    if not start.is_dir():
        said = f"{start} is not a folder"
        raise RolloutError(Problem(path="", code="no-folder", message=said, hint="check the path given with -C"))
    for folder in (start, *start.parents):
        if all((folder / name).is_dir() for name in FOLDERS):
            return folder
    said = f"no programme here: neither {start} nor a folder above it has sites/ and waves/"
    hint = "make one with `rollout init DIR`, or name its folder with -C DIR"
    raise RolloutError(Problem(path="", code="no-programme", message=said, hint=hint))


@cache
def shipped(kind: str) -> Path:
    """Folder of files that come with rollout: `templates`, `example/sites`, `example/waves`."""
    package = Path(str(files("rollout")))
    for folder in (package / kind, package.parent / kind.removeprefix("example/")):
        if folder.is_dir():
            return folder
    raise environment("incomplete-installation", f"rollout was installed without its {kind}", "install it again")
