"""The same bytes and the same tree wherever, whenever and by whomever they are made."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.torture.part import Outcome, Part
from tests.torture.place import Place

_ZONES = ("UTC", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Niue")
_LOCALES = ("C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "ja_JP.eucJP")
_SEEDS = ("0", "1", "2", "3", "4294967295")
_PATHS = ("with spaces", "übung-日本", "new\nline", "-C", "%s{}'\"`$(id)", "a" * 120)
WAYS: tuple[tuple[str, str], ...] = (
    *(("zone", zone) for zone in _ZONES),
    *(("locale", name) for name in _LOCALES),
    *(("seed", seed) for seed in _SEEDS),
    *(("umask", mask) for mask in ("000", "077", "027")),
    *(("path", path) for path in _PATHS),
    *(("python", flag) for flag in ("-OO", "-Xutf8=0", "-Xutf8=1", "-Xdev")),
    *(("cores", cores) for cores in ("0", "0-1")),
)


class Sameness(Part):
    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, min(sites, 150))
        self.made = Place.make(folder / "made", self.sites)
        usual = self.made.copy(folder / "usual")
        usual.must("publish")
        self.tree, self.files = usual.git("log", "-1", "--format=%T %s%n%b"), usual.files()

    def once(self, number: int) -> Outcome:
        kind, value = WAYS[number]
        place = self.made.copy(self.folder / "other")
        mask = None
        if kind == "zone":
            place.env["TZ"] = value
        elif kind == "locale":
            place.env |= {"LC_ALL": value, "LANG": value, "LANGUAGE": value.partition("_")[0]}
        elif kind == "seed":
            place.env["PYTHONHASHSEED"] = value
        elif kind == "umask":
            mask = int(value, 8)
        elif kind == "path":
            odd = place.root.parent / value
            place.root.rename(odd)
            place.root = odd
        elif kind == "python":
            place.python = (sys.executable, value)
        elif not shutil.which("taskset") or (value == "0-1" and (os.cpu_count() or 1) < 2):
            return Outcome(notes=("not possible here",))
        else:
            place.python = ("taskset", "-c", value, sys.executable)
        done = place.run("publish", **({"umask": mask} if mask is not None else {}))
        faults = [f"{kind} {value!r}: {fault}" for fault in done.faults(0)]
        if not faults and place.git("log", "-1", "--format=%T %s%n%b") != self.tree:
            faults.append(f"{kind} {value!r}: another commit")
        if not faults and place.files() != self.files:
            faults.append(f"{kind} {value!r}: other bytes")
        if kind == "path" and not faults:  # and as it is typed, from beside it
            faults += [f"{kind} {value!r}: {fault}" for fault in self._typed(place).faults(0)]
        return Outcome(tuple(faults))

    @staticmethod
    def _typed(place: Place):
        beside = Place(Path(place.root.name), place.env, place.python)
        return beside.run("render", "--check", cwd=place.root.parent)
