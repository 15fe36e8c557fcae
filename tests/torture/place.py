"""A programme in a repository of its own, the command line run on it as another process, and what is on its disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from signal import SIGKILL

from benchmarks.render.generate import AS_OF, programme

REPOSITORY = Path(__file__).parents[2]
NAMES = ("Vision defect detection", "Optical inspection")
"""Two names of the plan: every page says one, so every page changes with it."""
_FULL = 500
"""Sites up to which every document is written."""
PLAN, SCHEDULE = "waves/v/plan.yaml", "waves/v/schedule.yaml"


@dataclass
class Place:
    """A programme's folder, its repository and a temporary folder that nobody else uses."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    python: tuple[str, ...] = (sys.executable,)

    @staticmethod
    def make(folder: Path, sites: int) -> Place:
        """A programme of so many sites with dates, committed; taken as it is where it was made before."""
        place = Place.at(folder / "programme", folder / "tmp")
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            place.root.mkdir(parents=True)
            place.temporary.mkdir()
            programme(place.root, sites)
            if sites > _FULL:  # a page a site: what is killed is as many files, and 200 kills take half an hour
                with (place.root / PLAN).open("a", encoding="utf-8") as file:
                    file.write("documents: [checklist]\n")
            place.git("init", "--quiet", "--initial-branch=main", ".")
            place.must("fmt")  # in a crowd another one may come first, and then there is work that is not committed
            place.must("plan")
            place.git("add", "-A")
            place.git("commit", "--quiet", "-m", "Dates")
            (folder / "made").touch()
        return place

    @staticmethod
    def at(root: Path, temporary: Path) -> Place:
        """A folder that is there, with an environment in which nobody's settings count."""
        keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
        git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        who = {f"GIT_{role}_{what}": said for role in ("AUTHOR", "COMMITTER") for what, said in _WHO.items()}
        # A repository further up is not to be found: tests may be run inside of one.
        git["GIT_CEILING_DIRECTORIES"] = str(root.parent)
        home = {"HOME": str(temporary), "TMPDIR": str(temporary), "PYTHONPATH": str(REPOSITORY)}
        return Place(root, {**keep, **git, **who, **home, "LC_ALL": "C.UTF-8"})

    @property
    def temporary(self) -> Path:
        return Path(self.env["TMPDIR"])

    def copy(self, folder: Path) -> Place:
        """The same programme in another folder, git's objects linked: those are never rewritten."""
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "tmp").mkdir(parents=True)

        def put(source: str, target: str) -> None:
            (os.link if "/.git/objects/" in source else shutil.copy2)(source, target)

        shutil.copytree(self.root, folder / "programme", copy_function=put, symlinks=True)
        return Place.at(folder / "programme", folder / "tmp")

    def command(self, *words: str) -> list[str]:
        dated = ("--as-of", AS_OF.isoformat()) if words[0] in ("plan", "render", "publish", "validate") else ()
        return [*self.python, "-m", "rollout", *words, "-C", str(self.root), *dated]

    def start(self, *words: str, **options: object) -> subprocess.Popen[bytes]:
        """The command, running, in a session of its own."""
        given: dict[str, object] = {
            "env": self.env, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
            "cwd": self.temporary, "start_new_session": True, **options,
        }  # fmt: skip
        return subprocess.Popen(self.command(*words), **given)  # type: ignore[call-overload, no-any-return]  # as given

    def run(self, *words: str, **options: object) -> Done:
        """The command, ended."""
        process = self.start(*words, **options)
        out, err = process.communicate(timeout=900)
        return Done(process.returncode, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"))

    def must(self, *words: str) -> Done:
        """The command, which has to succeed."""
        done = self.run(*words)
        assert done.code == 0, f"rollout {' '.join(words)}: {done.code} {done.err[-2000:]}"
        return done

    def git(self, *words: str, check: bool = True) -> str:
        """What git prints."""
        env = {**self.env, "PATH": os.environ["PATH"]}
        done = subprocess.run(["git", *words], cwd=self.root, env=env, capture_output=True, check=False)
        assert not check or done.returncode == 0, f"git {' '.join(words)}: {done.stderr.decode()[-2000:]}"
        return done.stdout.decode(errors="surrogateescape").strip("\n")

    def call_plan(self, name: str) -> None:
        """Give the plan another name, and commit that."""
        file = self.root / PLAN
        lines = file.read_text(encoding="utf-8").splitlines()
        file.unlink()  # it may be a link to another copy's
        file.write_text("\n".join([f"name: {name}", *lines[1:]]) + "\n", encoding="utf-8")
        self.git("add", PLAN)
        self.git("commit", "--quiet", "--allow-empty", "-m", name)

    def files(self, *folders: str) -> dict[str, bytes]:
        """Every file below these folders (all but git's own) with a digest of its bytes."""
        found = {}
        for folder in folders or (".",):
            for path, _, names in os.walk(self.root / folder):
                if ".git" not in Path(path).relative_to(self.root).parts:
                    for name in names:
                        file = os.path.join(path, name)
                        data = Path(file).read_bytes()
                        found[os.path.relpath(file, self.root)] = blake2b(data, digest_size=16).digest()
        return found

    def git_dir(self) -> Path:
        return self.root / ".git"

    def strays(self) -> list[str]:
        """Files that no run may leave: temporary ones here and in the temporary folder, notes and locks in git's."""
        left = [str(path.relative_to(self.root)) for path in self.root.rglob(".rollout*") if path.is_file()]
        left += [f"tmp/{path.name}" for path in self.temporary.iterdir() if path.name.startswith("rollout")]
        ours = (
            "rollout-publish",
            "rollout-index",
            "rollout-index.lock",
            "rollout-branch",
            "rollout.lock",
            "index.lock",
        )
        return [*left, *(f".git/{name}" for name in ours if (self.git_dir() / name).exists())]

    def is_writing(self) -> bool:
        """Whether files are being written, or a commit made, judging by what is on the disk."""
        marks = ("rollout-publish", "rollout-branch", "index.lock")
        if any((self.git_dir() / mark).exists() for mark in marks):
            return True
        return next(self.root.rglob(".rollout-*.tmp"), None) is not None

    def fsck(self) -> list[str]:
        said = subprocess.run(
            ["git", "fsck", "--no-progress", "--no-dangling"],
            cwd=self.root,
            env={**self.env, "PATH": os.environ["PATH"]},
            capture_output=True,
            check=False,
        )
        return [f"git fsck: {said.stderr.decode()[-300:]}"] if said.returncode or said.stderr.strip() else []


_WHO = {"NAME": "Torture", "EMAIL": "torture@example.com", "DATE": "2026-10-01T12:00:00+00:00"}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def faults(self, *codes: int) -> list[str]:
        """What is wrong with it: another code than these, a traceback, silence where something failed."""
        found = [] if self.code in codes else [f"ended with {self.code}: {self.err[-300:]}"]
        if "Traceback" in self.err + self.out:
            found.append(f"a traceback: {self.err[-600:]}")
        if self.code and not self.err.strip() and not self.out.strip():
            found.append(f"ended with {self.code} and said nothing")
        return found


def kill(
    place: Place,
    words: Sequence[str],
    chance: Random,
    lasts: float,
    marks: Iterable[Path] = (),
    *,
    everybody: bool = False,
    number: int = SIGKILL,
) -> tuple[bool, Done]:
    """Start a command and end it at a random moment; whether it was still running then, and how it ended.

    Without marks the moment is any of the seconds that it lasts; with them, one soon after one of these files is
    there. `everybody` ends what the command has started as well.
    """
    process = place.start(*words, stdout=subprocess.DEVNULL)
    begun = time.monotonic()
    marks = tuple(marks)
    until = begun + chance.uniform(0, lasts)
    if marks:
        _wait(lambda: any(map(os.path.lexists, marks)) or process.poll() is not None, lasts * 5)
        until = time.monotonic() + chance.uniform(0, lasts / 8) ** 2
    _wait(lambda: process.poll() is not None, until - time.monotonic())
    is_running = process.poll() is None
    if is_running and everybody:
        os.killpg(process.pid, number)
    elif is_running:
        process.send_signal(number)
    err = process.communicate(timeout=900)[1] if number != SIGKILL or not is_running else _reaped(process)
    return is_running, Done(process.returncode, "", err.decode(errors="replace"))


def _reaped(process: subprocess.Popen[bytes]) -> bytes:
    """The end of a killed process; what it started may hold its pipes open for longer, and is waited for by nobody."""
    process.wait()
    assert process.stderr
    process.stderr.close()
    return b""


def _wait(is_over: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_over() and time.monotonic() < until:
        time.sleep(0.001)


def seconds_of(run: Callable[[], object]) -> float:
    """How long it takes on the clock."""
    begun = time.monotonic()
    run()
    return time.monotonic() - begun
