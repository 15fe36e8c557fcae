"""Commands killed at any moment: every file is old or new, and the next run ends where an undisturbed one would have."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from tests.torture.part import Outcome, Part
from tests.torture.place import NAMES, Place, kill, seconds_of

_Files = dict[str, bytes]


class _Killed(Part):
    """Between two states, of which each has its undisturbed files."""

    words: Sequence[str]
    folders: Sequence[str] = ("playbooks", "waves")

    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, sites)
        self.place = Place.make(folder, sites)
        self.ends: list[_Files] = []
        self.lasts = 0.0
        for state in (1, 0):
            self.begin(state)
            self.lasts = max(self.lasts, seconds_of(lambda: self.place.must(*self.words)))
            self.ends.insert(0, self.place.files(*self.folders))
            self.undisturbed(state)
        self.state = 0

    def begin(self, state: int) -> None:
        """Change the inputs, so that there is something to do."""
        self.place.call_plan(NAMES[state])

    def undisturbed(self, state: int) -> None:
        """Remember more of how it ended."""

    def marks(self, number: int) -> Iterable[Path]:
        """Files that tell that writing has begun."""
        return ()

    def once(self, number: int) -> Outcome:
        chance = Random(f"{type(self).__name__}/{number}")
        self.state = 1 - self.state
        self.begin(self.state)
        before = self.place.files(*self.folders)
        everybody, lasts = number % 3 == 2, self.lasts
        for _ in range(20):
            is_killed, done = kill(self.place, self.words, chance, lasts, self.marks(number), everybody=everybody)
            if is_killed:
                break
            if done.code:
                return Outcome((f"before it could be killed it ended with {done.code}: {done.err[-300:]}",))
            lasts *= 0.7  # it was faster than we
            self.state = 1 - self.state
            self.begin(self.state)
            before = self.place.files(*self.folders)
        faults = []
        notes = ["mid-write"] if self.place.is_writing() else []
        after, new = self.place.files(*self.folders), self.ends[self.state]
        half = [
            path
            for path, data in after.items()
            if ".rollout-" not in path and data not in (before.get(path), new.get(path))
        ]
        gone = [path for path in before if path not in after and path in new]
        faults += [f"half a file: {path}" for path in half] + [f"lost: {path}" for path in gone]
        faults += self.between()
        faults += self.again(everybody)
        return Outcome(tuple(faults), tuple(notes))

    def between(self) -> list[str]:
        """What is wrong after the kill."""
        return []

    def again(self, everybody: bool) -> list[str]:
        """What is wrong after the next run."""
        done = self.place.run(*self.words)
        if everybody and done.code == 3 and "git-busy" in done.err:  # git's own lock, named and left to the user
            lock = Path(done.err.split(": git-busy")[0].split("rollout: ")[-1])
            lock.unlink()
            done = self.place.run(*self.words)
        faults = done.faults(0)
        now, new = self.place.files(*self.folders), self.ends[self.state]
        wrong = sorted(path for path in now.keys() | new.keys() if now.get(path) != new.get(path))
        faults += [f"not as an undisturbed run leaves it: {path}" for path in wrong[:5]]
        faults += [f"left over: {path}" for path in self.place.strays()]
        if faults:  # the next run begins where it should
            self.mend()
        return faults

    def mend(self) -> None:
        git = self.place.git_dir()
        for left in (*git.glob("rollout-*"), *git.rglob("*.lock")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        self.place.git("reset", "--quiet", "--hard")
        self.place.git("clean", "-fdq")
        self.place.run(*self.words)


class Render(_Killed):
    words = ("render",)


class Publish(_Killed):
    words = ("publish",)

    def __init__(self, folder: Path, sites: int) -> None:
        self.trees: dict[int, str] = {}
        super().__init__(folder, sites)

    def undisturbed(self, state: int) -> None:
        self.trees[state] = self.place.git("log", "-1", "--format=%T %s%n%b")

    def marks(self, number: int) -> Iterable[Path]:
        """Of ten runs seven end anywhere, two while files get their places, one while git makes the commit."""
        git = self.place.git_dir()
        return {7: [git / "rollout-publish"], 8: [git / "rollout-publish/1"], 9: [git / "index.lock"]}.get(
            number % 10, ()
        )

    def between(self) -> list[str]:
        return self.place.fsck()

    def again(self, everybody: bool) -> list[str]:
        faults = super().again(everybody)
        made = self.place.git("log", "-1", "--format=%T %s%n%b")
        if made != self.trees[self.state]:
            faults.append(f"another commit than an undisturbed run makes: {made[:200]}")
        if dirty := self.place.git("status", "--porcelain"):
            faults.append(f"not clean: {dirty[:200]}")
        return [*faults, *self.place.fsck()]


class Branch(_Killed):
    """`publish --branch`: the user's branch, index and files are never touched, and no half branch is left."""

    words = ("publish", "--branch", "plan/next")
    folders = ("playbooks", "waves", "sites")

    def __init__(self, folder: Path, sites: int) -> None:
        self.trees: dict[int, str] = {}
        super().__init__(folder, sites)
        self.place.git("branch", "-D", "plan/next", check=False)

    def begin(self, state: int) -> None:
        self.place.git("branch", "-D", "plan/next", check=False)
        super().begin(state)

    def undisturbed(self, state: int) -> None:
        self.trees[state] = self.place.git("log", "-1", "--format=%T %s%n%b", "plan/next")

    def marks(self, number: int) -> Iterable[Path]:
        return [self.place.git_dir() / "rollout-branch"] if number % 2 else ()

    def between(self) -> list[str]:
        dirty = self.place.git("status", "--porcelain")
        return [*self.place.fsck(), *([f"the user's files changed: {dirty[:200]}"] if dirty else [])]

    def again(self, everybody: bool) -> list[str]:
        faults = super().again(everybody)
        made = self.place.git("log", "-1", "--format=%T %s%n%b", "plan/next", check=False)
        if made != self.trees[self.state]:
            faults.append(f"another commit than an undisturbed run makes: {made[:200]}")
        if len(self.place.git("worktree", "list").splitlines()) > 1:
            faults.append("a checkout is left over")
        return [*faults, *self.place.fsck()]


class Record(_Killed):
    """`record`: one line more, or none."""

    words = ("record", "s00001", "cost", "integration", "18000", "--by", "Lead 1", "--on", "2026-09-14")
    folders = ("waves",)

    def __init__(self, folder: Path, sites: int) -> None:
        self.file = folder / "programme/waves/v/records/s00001.yaml"
        super().__init__(folder, sites)

    def begin(self, state: int) -> None:
        self.file.unlink(missing_ok=True)
        if state:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text("- {status: ready, on: 2026-09-13, by: Lead 1}\n")


class Fmt(_Killed):
    """`fmt`: hundreds of files in disorder."""

    words = ("fmt",)
    folders = ("sites", "waves")

    def begin(self, state: int) -> None:
        for number in range(min(self.sites, 300)):
            file = self.place.root / f"sites/s{number:05}.yaml"
            lines = file.read_text(encoding="utf-8").splitlines()
            lines = sorted((line for line in lines if line.startswith(("value:", "shifts:"))), reverse=True) + [
                line for line in lines if not line.startswith(("value:", "shifts:"))
            ]
            lines[0] = f"value: {state + 3}" if lines[0].startswith("value:") else lines[0]
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
