"""Disks that are full or refuse, outputs that nobody takes: a sentence, exit code 3, and nothing half-written."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.torture.part import Outcome, Part
from tests.torture.place import NAMES, Done, Place


class Disks(Part):
    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, min(sites, 150))
        self.made = Place.make(folder / "made", self.sites)
        if not self.made.git("ls-files", "playbooks"):
            self.made.must("publish")
            self.made.call_plan(NAMES[1])

    def once(self, number: int) -> Outcome:
        name, how = WAYS[number]
        place = self.made.copy(self.folder / "other")
        before = (place.files(), place.git("rev-parse", "HEAD"), place.git("status", "--porcelain"))
        outcome = how(place)
        if outcome is None:
            return Outcome(notes=(f"not possible here: {name}",))
        done, codes, may_be_done = outcome
        faults = [f"{name}: {fault}" for fault in done.faults(*codes)]
        after = (place.files(), place.git("rev-parse", "HEAD"), place.git("status", "--porcelain"))
        if after != before and not may_be_done:
            faults.append(f"{name}: the disk is not as it was: {after[2][:200]}")
        faults += [f"{name}: left over: {path}" for path in place.strays()]
        again = place.run("publish")
        faults += [f"{name}, then: {fault}" for fault in again.faults(0)]
        if dirty := place.git("status", "--porcelain"):
            faults.append(f"{name}, then: not clean: {dirty[:200]}")
        return Outcome((*faults, *place.fsck()))


_How = tuple[Done, tuple[int, ...], bool] | None


def _size(words: tuple[str, ...], limit: int, place: Place) -> _How:
    """No file may be larger than this (what `ulimit -f` sets)."""
    done = place.run(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    return done, (3,), False


def _files(limit: int, place: Place) -> _How:
    """No more open files than this."""
    done = place.run("publish", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
    return done, (0, 3), done.code == 0


def _output(words: tuple[str, ...], place: Place) -> _How:
    """A full disk behind stdout: the work is done, and what could not be said is."""
    with Path("/dev/full").open("w") as full:
        return place.run(*words, stdout=full), (3,), True


def _errors(place: Place) -> _How:
    """A full disk behind stderr too: the exit code is all that is left."""
    with Path("/dev/full").open("w") as full:
        code = place.run("publish", "--plan", "nobody", stdout=full, stderr=full).code
    return Done(code, "", "it cannot say anything"), (1, 3), False


def _closed(descriptor: int, words: tuple[str, ...], place: Place) -> _How:
    """Closed when it begins, as `>&-` does."""
    command = subprocess.list2cmdline(["exec", *place.command(*words)]) + f" {descriptor}>&-"
    done = subprocess.run(["sh", "-c", command], env=place.env, capture_output=True, check=False, cwd=place.temporary)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode() + " "), (0, 3), True


def _pipe(words: tuple[str, ...], place: Place) -> _How:
    """Whoever reads has gone before the first line."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return place.run(*words, stdout=writing), (0, 3), True
    finally:
        os.close(writing)


def _full(kilobytes: int, words: tuple[str, ...], place: Place) -> _How:
    """A small disk of its own, with this much room left: for the files, for git, or for a part of either."""
    if os.geteuid() or not sys.platform.startswith("linux"):
        return None
    root, disk = place.root, place.root.parent / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512m", "none", disk], capture_output=True, check=False
    ).returncode:
        return None
    try:
        subprocess.run(["cp", "-a", root, disk / "programme"], check=True)
        place.root = disk / "programme"
        before = (place.files(), place.git("rev-parse", "HEAD"), place.git("status", "--porcelain"))
        used = os.statvfs(disk)
        taken = (used.f_blocks - used.f_bfree) * used.f_frsize // 1024
        subprocess.run(["mount", "-o", f"remount,size={taken + kilobytes}k", disk], check=True)
        done = place.run(*words)
        subprocess.run(["mount", "-o", "remount,size=512m", disk], check=True)
        faults = []
        if done.code and (place.files(), place.git("rev-parse", "HEAD"), place.git("status", "--porcelain")) != before:
            faults.append("the disk is not as it was")
        faults += [f"left over: {path}" for path in place.strays()] + place.fsck()
        again = place.run("publish")
        if again.code:
            faults.append(f"then: {again.err[-300:]}")
        if dirty := place.git("status", "--porcelain"):
            faults.append(f"then not clean: {dirty[:200]}")
        said = "".join(f"Traceback: {fault}\n" for fault in faults)
        return Done(done.code, done.out, done.err + said), (0, 3) if kilobytes > 400 else (3,), False
    finally:
        subprocess.run(["umount", disk], check=True)
        disk.rmdir()
        place.root = root


def _readonly(words: tuple[str, ...], place: Place) -> _How:
    """A disk mounted read-only."""
    if os.geteuid() or not sys.platform.startswith("linux"):
        return None
    bind = subprocess.run(["mount", "--bind", place.root, place.root], capture_output=True, check=False)
    if bind.returncode:
        return None
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", place.root], check=True)
        return place.run(*words), (3,), False
    finally:
        subprocess.run(["umount", place.root], check=True)


_BRANCH = ("publish", "--branch", "plan/next")
WAYS: tuple[tuple[str, Callable[[Place], _How]], ...] = (
    *(
        (f"file size {limit} in {words[0]}", partial(_size, words, limit))
        for limit in (64, 3000, 20_000)
        for words in (("render",), ("publish",), _BRANCH)
    ),
    *((f"{limit} open files", partial(_files, limit)) for limit in (8, 12, 16, 24)),
    *(
        (f"full stdout of {words[0]}", partial(_output, words))
        for words in (("render",), ("publish",), _BRANCH, ("validate",))
    ),
    ("full stderr", _errors),
    *(
        (f"descriptor {number} closed in {words[0]}", partial(_closed, number, words))
        for number in (0, 1, 2)
        for words in (("validate",), ("publish",))
    ),
    *((f"closed pipe of {words[0]}", partial(_pipe, words)) for words in (("publish",), ("validate",))),
    *(
        (f"{room} KB left in {words[0]}", partial(_full, room, words))
        for room in (0, 40, 400)
        for words in (("render",), ("publish",), _BRANCH)
    ),
    *(
        (f"full disk in the middle of the commit, {room} KB", partial(_full, room, ("publish",)))
        for room in (1100, 1500, 1900, 2300)
    ),
    *((f"read-only disk in {words[0]}", partial(_readonly, words)) for words in (("render",), ("publish",), _BRANCH)),
)
