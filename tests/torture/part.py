"""What a part of the torture is, and how a run of it went."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One run: what was wrong, and what is worth counting about it."""

    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        return asdict(self)


class Part(ABC):
    """Made with a folder of its own and a number of sites; then asked for its runs, one after another."""

    def __init__(self, folder: Path, sites: int) -> None:
        self.folder, self.sites = folder, sites

    @abstractmethod
    def once(self, number: int) -> Outcome:
        """The run with this number; the same chances whenever it is run."""
