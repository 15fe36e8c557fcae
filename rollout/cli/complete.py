"""Completing a word in a shell: the answer to what the scripts of `rollout --show-completion` ask.

The scripts are typer's, and so is what they hand over in the environment. The answer is our own: building the command
line for each press of a key would take longer than anybody waits, so the commands and options are kept in a file beside
this one (a test compares it with the command line), and names come from `load/glance.py`.
"""

from __future__ import annotations

import json
import os
import sys

from rollout.load import glance

TYPE_CHECKING = False  # `typing` itself would cost some of the time
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Taken = str | list[str] | None
    """What a word may be: a source of names, one of some words, or nothing that is known (None: it takes no value)."""
    Answer = tuple[str, str]
    """A word and what it means."""

VARIABLE = "_ROLLOUT_COMPLETE"
TABLE = f"{__file__.removesuffix('.py')}.json"
"""Commands by name: what each says of itself, its options and arguments, each with what it takes."""


def answers() -> bool:
    """Whether a shell asks that we know how to answer."""
    return os.environ.get(VARIABLE) in ("complete_bash", "complete_zsh", "complete_fish")


def answer() -> int:
    """Writes the answer for the shell that asks; the exit code of the program."""
    shell = os.environ[VARIABLE].removeprefix("complete_")
    words, begun = _bash() if shell == "bash" else _line()
    try:
        found = completions(words, begun)
    except (OSError, ValueError):
        found = []
    if shell == "fish":
        if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
            return 0 if found else 1
        text = "\n".join(f"{word}\t{said}" if said else word for word, said in found)
    elif shell == "zsh":
        text = _zsh(found)
    else:
        text = "\n".join(word for word, _ in found)
    sys.stdout.write(f"{text}\n" if text else "")
    return 0


def completions(words: Sequence[str], begun: str) -> list[Answer]:
    """What may stand in the place of a begun word, after the words before it (the program's name left out)."""
    with open(TABLE, encoding="utf-8") as file:
        line = _Line(json.load(file))
    for word in words:
        line.take(word)
    return line.offer(begun)


class _Line:
    """A command line as far as it is typed."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.command = table
        self.placed: list[str] = []
        """Words that are no options."""
        self.given: dict[str, str] = {}
        """Options with their values."""
        self.waiting: str | None = None
        """The option whose value comes next."""
        self.only_words = False

    def take(self, word: str) -> None:
        """One more word."""
        if word == "=":  # bash parts `--plan=vision` into three words
            return
        if self.waiting is not None:
            self.given[self.waiting], self.waiting = word, None
        elif word == "--" and not self.only_words:
            self.only_words = True
        elif word.startswith("-") and not self.only_words:
            name, equals, value = word.partition("=")
            if equals:
                self.given[name] = value
            elif self._takes(name) is not None:
                self.waiting = name
            else:
                self.given[name] = ""
        elif self.command.get("commands"):
            self.command = self.command["commands"].get(word, {})
        else:
            self.placed.append(word)

    def offer(self, begun: str) -> list[Answer]:
        """What may come next."""
        if begun == "=":
            begun = ""
        if self.waiting is not None:
            return self._values(self._takes(self.waiting), begun)
        if begun.startswith("-") and not self.only_words:
            name, equals, value = begun.partition("=")
            options = self._options()
            if not equals:
                return [(known, options[known]["says"]) for known in options if known.startswith(begun)]
            return [(f"{name}={word}", said) for word, said in self._values(self._takes(name), value)]
        if self.command.get("commands"):
            named = self.command["commands"].items()
            return [(name, known["says"]) for name, known in named if name.startswith(begun)]
        return self._values(self._place(), begun)

    def _options(self) -> dict[str, Any]:
        kind = self._kind()
        more = self.command["kinds"][kind]["options"] if kind else {}
        return {**self.command.get("options", {}), **more}

    def _takes(self, option: str) -> Taken:
        """What the value of an option is; -C may stand before the command too."""
        takes: Taken = self._options().get(option, {}).get("takes", "text" if option == "-C" else None)
        return takes

    def _kind(self) -> str | None:
        """What kind of record is typed."""
        kinds = self.command.get("kinds", {})
        words = self.placed if "--plan-level" in self.given else self.placed[1:]
        return next((word for word in words[:1] if word in kinds), None)

    def _place(self) -> Taken:
        """What the next word is that is no option."""
        if "kinds" in self.command:
            words = self.placed if "--plan-level" in self.given else self.placed[1:]
            if not (self.placed or "--plan-level" in self.given):
                return "sites"
            if not words:
                return "records"
            kind = self._kind()
            takes: list[Taken] = self.command["kinds"][kind]["words"] if kind else [self.command["states"]]
            return takes[len(words) - 1] if len(words) <= len(takes) else None
        places: list[Any] = self.command.get("arguments", [])
        if not places:
            return None
        number = len(self.placed)
        if number < len(places):
            taken: Taken = places[number]["takes"]
            return taken
        return places[-1]["takes"] if places[-1]["many"] else None

    def _values(self, takes: Taken, begun: str) -> list[Answer]:
        if takes is None or takes == "text":
            return []
        if isinstance(takes, list):
            return [(word, "") for word in takes if word.startswith(begun)]
        before = ""
        if takes == "sites,":
            before, comma, last = begun.rpartition(",")
            before, begun = before + comma, last
        names = self._names(takes.rstrip(",="))
        end = "=" if takes.endswith("=") else ""
        return [(f"{before}{name}{end}", "") for name in names if name.startswith(begun)]

    def _names(self, source: str) -> list[str]:
        root = glance.root_of(os.path.expanduser(self.given.get("-C") or "."))
        if root is None:
            return []
        plan = self.given.get("--plan")
        if source == "records":
            return [*glance.activities(root, plan), *self.command["kinds"]]
        of_root: dict[str, Callable[[str], list[str]]] = {
            "sites": glance.sites,
            "plans": glance.plans,
            "systems": glance.systems,
        }
        if source in of_root:
            return of_root[source](root)
        of_plan = {"waves": glance.waves, "gates": glance.gates, "activities": glance.activities}
        return of_plan[source](root, plan) if source in of_plan else []


def _bash() -> tuple[list[str], str]:
    words = _parted(os.environ.get("COMP_WORDS", ""))
    at = int(os.environ.get("COMP_CWORD") or 0)
    return words[1:at], words[at] if at < len(words) else ""


def _line() -> tuple[list[str], str]:
    """The words of zsh and fish, who hand over the line up to the cursor."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _parted(line)[1:]
    return (words[:-1], words[-1]) if words and not line.endswith(" ") else (words, "")


def _parted(line: str) -> list[str]:
    """The words of a line; a quote that is still open is closed at its end."""
    import shlex

    for closed in (line, f'{line}"', f"{line}'"):
        try:
            return shlex.split(closed)
        except ValueError:
            continue
    return line.split()


def _zsh(found: Sequence[Answer]) -> str:
    if not found:
        return "_files"
    words = (f'"{_quoted(word)}":"{_quoted(said)}"' if said else f'"{_quoted(word)}"' for word, said in found)
    return "_arguments '*: :((" + "\n".join(words) + "))'"


def _quoted(text: str) -> str:
    """A text between the quotes that typer's script for zsh evaluates."""
    for sign, instead in (('"', '""'), ("'", "''"), ("$", "\\$"), ("`", "\\`"), (":", "\\\\:")):
        text = text.replace(sign, instead)
    return text
