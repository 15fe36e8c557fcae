"""What is said of each code: the pages that `rollout rules` shows and the reference is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.table import Table
from rollout.problem import Severity

if TYPE_CHECKING:
    from rollout.model.answers.files import RulePageJson, RulePagesJson

Kind = Literal["finding", "refusal", "place"]
"""A finding of `validate`, what a command refuses (exit code 1), or what the place it runs in does not allow (3)."""

_PARTS = re.compile(r"\n\n(Bad|Good):\n\n")
_TITLES = {
    "finding": "What `rollout validate` finds",
    "refusal": "What a command refuses",
    "place": "What the place does not allow",
}
_ABOUT = {
    "finding": "Errors fail; warnings do with `--strict`. *Fixed* errors can neither be softened nor be known: without "
    "them planning would rest on what is not there.",
    "refusal": "The answer is no, and nothing was written: exit code 1.",
    "place": "The work could not be done here: exit code 3.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """One code and its page."""

    code: str
    severities: tuple[Severity, ...]
    """What its findings are where the plan does not say otherwise, the most severe first."""
    kind: Kind
    is_fixed: bool
    """Whether no plan can change it."""
    text: str
    """The page as it is written: a summary, more, and snippets headed `Bad:` and `Good:`."""

    @property
    def severity(self) -> Severity:
        """The most severe that it can be."""
        return self.severities[0]

    @property
    def summary(self) -> str:
        """The first sentence or paragraph, on one line."""
        return _joined(self._prose.partition("\n\n")[0])

    @property
    def more(self) -> tuple[str, ...]:
        """The paragraphs after the summary, each on one line."""
        return tuple(_joined(part) for part in self._prose.split("\n\n")[1:])

    @property
    def bad(self) -> str:
        """What brings it about; empty where no file does."""
        return self._snippet("Bad")

    @property
    def good(self) -> str:
        """The same, mended."""
        return self._snippet("Good")

    @property
    def _prose(self) -> str:
        return _PARTS.split(self.text)[0].strip()

    def _snippet(self, name: str) -> str:
        parts = _PARTS.split(self.text)
        found = dict(zip(parts[1::2], parts[2::2], strict=True)).get(name, "")
        return "\n".join(line.removeprefix("    ") for line in found.strip("\n").splitlines()).rstrip()

    @property
    def _level(self) -> str:
        return " or ".join(self.severities) + (", fixed" if self.is_fixed and self.kind == "finding" else "")

    def lines(self) -> Iterator[str]:
        """The page for a terminal, paragraph by paragraph; snippets are indented."""
        yield f"{self.code} ({self._level})"
        yield self.summary
        yield from self.more
        for name, snippet in (("Bad:", self.bad), ("Good:", self.good)):
            if snippet:
                yield name
                yield "\n".join(f"    {line}".rstrip() for line in snippet.splitlines())

    def markdown(self, level: int = 3) -> str:
        """The page in Markdown."""
        parts = [f"{'#' * level} {self.code}", f"*{self._level.capitalize()}.* {self.summary}", *self.more]
        for name, snippet in (("Bad:", self.bad), ("Good:", self.good)):
            if snippet:
                kind = "markdown" if "<!--" in snippet else "sh" if snippet.startswith("rollout ") else "yaml"
                parts += [name, f"```{kind}\n{snippet}\n```"]
        return "\n\n".join(parts)

    def json(self) -> RulePageJson:
        """For programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "severities": list(self.severities),
            "kind": self.kind,
            "fixed": self.is_fixed,
            "summary": self.summary,
            "text": list(self.more),
            "bad": self.bad,
            "good": self.good,
        }


@dataclass(frozen=True, slots=True)
class RulePages:
    """All pages, by kind and code."""

    pages: tuple[RulePage, ...]

    def find(self, code: str) -> RulePage | None:
        """The page of a code."""
        return next((page for page in self.pages if page.code == code), None)

    def only(self, code: str) -> RulePages:
        """The page of a code alone."""
        return RulePages(tuple(page for page in self.pages if page.code == code))

    def table(self) -> Table:
        """One row a code."""
        rows = tuple(
            (page.code, page._level if page.kind == "finding" else page.kind, page.summary) for page in self.pages
        )
        findings = sum(page.kind == "finding" for page in self.pages)
        said = f"{findings} that `rollout validate` finds, {len(rows) - findings} that commands say"
        note = f"{said}; `rollout rules CODE` explains one"
        return Table("Rules", ("code", "severity", "what"), rows, (note,))

    def json(self) -> RulePagesJson:
        """For programs."""
        return {"version": VERSION, "rules": [page.json() for page in self.pages]}

    def reference(self) -> str:
        """`docs/reference/rules.md`."""
        parts = [
            "# Rules",
            "<!-- Made from the code: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/check/test_rules.py writes it anew. -->",
            "Everything that rollout says of a file or refuses to do has a code that stays. `rollout rules CODE` prints"
            " its page. How to change a rule, or to live with what it finds: [findings](../how-to/findings.md).",
        ]
        for kind, title in _TITLES.items():
            parts += [f"## {title}", _ABOUT[kind], *(page.markdown() for page in self.pages if page.kind == kind)]
        return "\n\n".join(parts) + "\n"


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())
