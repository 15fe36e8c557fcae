"""The files of a programme, as they are in the working tree."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from rollout.load.yaml import DEPTH_LIMIT, FILE_LIMIT, MARK, WRITTEN_LIMIT, Value, decode, parse
from rollout.model.fields import is_reserved
from rollout.model.layout import is_written
from rollout.problem import Problem, RolloutError, environment

FOLDERS = ("sites", "waves")

# A file of ours is opened at once or not at all: not through a link, and not where something else has to write first.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_IS_LINK = (errno.ELOOP, errno.EMLINK)  # the second is FreeBSD's word for it
# What Windows allows in no name; control characters nobody wants in one.
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"|?*\\]|[ .]\Z")


class Workspace:
    """A programme's folder. Paths are relative to it, with forward slashes; nothing outside it is read."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._inside = {"": True}
        """By folder whether it lies inside, wherever links on the way lead."""

    def names(self, folder: str, problems: list[Problem]) -> list[tuple[str, bool]]:
        """Entries of a folder: name and whether it is a folder, sorted; hidden ones left out.

        What cannot be read safely, or not be checked out on every system, is a problem and is left out.
        """
        try:
            if not self._is_inside(folder):
                problems.append(_outside(folder))
                return []
            with os.scandir(self.root / folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise environment("unreadable", f"the folder cannot be read: {error.strerror}", "", folder) from None
        if folder.count("/") >= DEPTH_LIMIT:
            said = f"folders are nested more than {DEPTH_LIMIT} levels deep"
            problems.append(Problem(path=folder, code="too-deep", message=said, hint="move it further up"))
            return []
        listed = []
        seen: dict[str, str] = {}
        for entry in found:
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}"
            wrong = self._wrong_with(entry, path)
            same = _folded(entry.name)
            if wrong is None and same in seen:
                said = f'"{entry.name}" and "{seen[same]}" are one name on Windows and macOS'
                wrong = Problem(path=path, code="same-name", message=said, hint="rename one of the two")
            seen.setdefault(same, entry.name)
            if wrong is not None:
                problems.append(wrong)
                continue
            listed.append((entry.name, entry.is_dir()))
        return listed

    def _wrong_with(self, entry: os.DirEntry[str], path: str) -> Problem | None:
        """Why an entry of a folder is left out."""
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
            if not self._holds(real):
                return _outside(path)
            if not os.path.exists(entry.path):  # noqa: PTH110 - of 3.11's own, `Path.exists` raises for a circle
                said = "this link leads nowhere"
                return Problem(path=path, code="broken-link", message=said, hint="put the file itself here")
            if f"{os.path.realpath(self.root / path.rpartition('/')[0])}{os.sep}".startswith(real + os.sep):
                said = "this link leads back to a folder that it stands in"
                return Problem(path=path, code="broken-link", message=said, hint="remove it")
        elif not entry.is_file() and not entry.is_dir():
            return Problem(
                path=path, code="not-a-file", message="this is neither a file nor a folder", hint="remove it"
            )
        if _BAD_NAME.search(entry.name) or (is_reserved(entry.name) and not entry.name.endswith(".yaml")):
            said = "no file or folder can have this name on Windows"
            return Problem(path=path, code="bad-name", message=said, hint="rename it")
        return None

    def _holds(self, real: str) -> bool:
        root = str(self.root)
        return real == root or real.startswith(root.rstrip(os.sep) + os.sep)

    def _is_inside(self, folder: str) -> bool:
        """Whether a folder is in the programme, through whatever links the path leads. Each step is asked once."""
        known = self._inside.get(folder)
        if known is None:
            place = self.root / folder
            known = self._is_inside(folder.rpartition("/")[0])
            if known and place.is_symlink():
                known = self._holds(os.path.realpath(place))
            self._inside[folder] = known
        return known

    def walk(self, folder: str, problems: list[Problem]) -> Iterator[str]:
        """Paths of all files below a folder, in order."""
        for name, is_folder in self.names(folder, problems):
            path = f"{folder}/{name}"
            if is_folder:
                yield from self.walk(path, problems)
            else:
                yield path

    def is_there(self, path: str) -> bool:
        """Whether there is anything at a path, be it a link that leads nowhere."""
        return os.path.lexists(self.root / path)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None where there is none.

        Raises RolloutError for one that lies outside the programme (1), and when it cannot be read (3).
        """
        if not self._is_inside(path.rpartition("/")[0]):
            raise RolloutError(_outside(path))
        place = f"{self.root}{os.sep}{path}"
        try:
            descriptor = self._open(place, path)
            try:
                status = os.fstat(descriptor)
                return _everything(descriptor, status.st_size) if stat.S_ISREG(status.st_mode) else None
            finally:
                os.close(descriptor)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except ValueError:  # a NUL in it
            return None
        except OSError as error:
            raise environment("unreadable", f"the file cannot be read: {error.strerror}", "", path) from None

    def _open(self, place: str, path: str) -> int:
        """A descriptor for reading. Most files are no links: they are opened in one step, where the system can refuse
        to follow one."""
        if _NO_LINKS:
            try:
                return os.open(place, _READ | _NO_LINKS)
            except OSError as error:
                if error.errno not in _IS_LINK:
                    raise
        if not self._holds(os.path.realpath(place)):
            raise RolloutError(_outside(path))
        return os.open(place, _READ)

    def text(self, path: str) -> str | None:
        """The text of a file, its line ends as they are; None where there is none. Raises RolloutError if not UTF-8."""
        text = self.marked_text(path)
        return None if text is None else text.removeprefix(MARK)

    def marked_text(self, path: str) -> str | None:
        """The same with the byte order mark that it may begin with: for changing it, and nothing else in it."""
        data = self.read(path)
        if data is None:
            return None
        text, problems = decode(data, path, _limit(path))
        if problems:
            raise RolloutError(*problems)
        return MARK + text if data.startswith(BOM_UTF8) else text

    def yaml(self, path: str, problems: list[Problem]) -> Value:
        """The value of a YAML file; what is wrong with it is added to `problems`, and the value is then None."""
        text = self.decoded(path, problems, _limit(path))
        if text is None:
            return None
        value, wrong = parse(text, path)
        problems += wrong
        return None if wrong else value

    def decoded(self, path: str, problems: list[Problem], limit: int = FILE_LIMIT) -> str | None:
        """The text of a file; None where there is none, or something is wrong with it, which `problems` then say.

        Raises RolloutError (3) when it cannot be read.
        """
        try:
            data = self.read(path)
        except RolloutError as error:
            if error.exit_code != 1:
                raise
            problems += error.problems
            return None
        if data is None:
            return None
        text, wrong = decode(data, path, limit)
        problems += wrong
        return None if wrong else text


def _limit(path: str) -> int:
    return WRITTEN_LIMIT if is_written(path) else FILE_LIMIT


def _everything(descriptor: int, size: int) -> bytes:
    """A file to its end: as much as it said it has, and what was added meanwhile."""
    parts = [os.read(descriptor, size + 1)]
    while parts[-1] and (len(parts) > 1 or len(parts[0]) != size):
        parts.append(os.read(descriptor, 1 << 20))
    return b"".join(parts)


def _outside(path: str) -> Problem:
    said = "this link leads out of the programme's folder"
    return Problem(path=path, code="link-outside", message=said, hint="put the file itself here")


def wrong_extension(path: str) -> Problem:
    """What to say of a `.yml` where a `.yaml` is read: passed over in silence, it would be missed too late."""
    hint = f"rename it to {path.rpartition('/')[2].removesuffix('.yml')}.yaml"
    return Problem(path=path, code="wrong-extension", message="rollout reads .yaml files", hint=hint)


def _folded(name: str) -> str:
    """What a name is to a system that tells neither capitals nor Unicode forms apart."""
    return (
        name.lower() if name.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    )


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
