"""The work at the sites as issues, for trackers that import a table; each with a key that stays the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.harmless import cell, clean, markdown
from rollout.model.owner import Owner
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.files import IssueJson, IssuesJson

Tracker = Literal["github", "gitlab", "jira"]
_LONGEST_TITLE = 255
_JIRA = re.compile(r"([\\{}\[\]*_^~|!+])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One piece of work at one site."""

    plan: str
    site: str
    item: str
    title: str
    how: str
    """When it counts as done."""
    evidence: str
    about: str
    """The site, its wave and its go-live, in words."""
    starts: date
    due: date
    owner: Owner
    waits_for: tuple[str, ...]
    page: str | None
    labels: tuple[str, ...]
    state: Literal["open", "requested", "done"]

    @property
    def key(self) -> str:
        """The same in every run, so that an issue that is there already can be found."""
        return f"rollout:{self.plan}/{self.site}/{self.item}"

    @property
    def summary(self) -> str:
        """The title: the site's id first, so that no spreadsheet takes it for a formula."""
        text = " ".join(clean(f"{self.site}: {self.title}").split())
        return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1] + "…"

    def description(self, tracker: Tracker) -> str:
        """What it is about, in the tracker's own markup; what people wrote is no markup in it, and no command."""
        escape = _jira if tracker == "jira" else _plain
        who = self.owner.shown + (f" ({self.owner.role.replace('_', ' ')})" if self.owner.name else "")
        facts = [
            ("Site", self.about),
            ("Dates", f"start {self.starts}, over by {self.due}"),
            ("Owner", who + (f", {self.owner.email}" if self.owner.email else "")),
            ("Evidence", self.evidence),
            ("After", ", ".join(self.waits_for)),
        ]
        mark = "*" if tracker == "jira" else "-"
        lines = [f"{mark} {name}: {escape(value)}" for name, value in facts if value]
        lines += [f"{mark} Checklist: {self.page}"] if self.page else []
        said = [escape(self.how), ""] if self.how else []
        return "\n".join([*said, *lines, "", f"Key: {self.key}"])

    def json(self) -> IssueJson:
        """For programs."""
        return {
            "key": self.key,
            "title": self.summary,
            "body": self.description("github"),
            "labels": list(self.labels),
            "due": self.due.isoformat(),
            "owner": self.owner.name,
            "email": self.owner.email,
            "role": self.owner.role,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Issues:
    """Issues of a plan, by site and day."""

    plan: str
    issues: tuple[Issue, ...]

    def table(self, tracker: Tracker) -> Table:
        """One row an issue, with the columns that the tracker's import knows."""
        make = {"github": _github, "gitlab": _gitlab, "jira": _jira_rows}[tracker]
        return make(self.plan, self.issues)

    def json(self) -> IssuesJson:
        """For programs, such as a loop around `gh issue create`."""
        return {"version": VERSION, "plan": self.plan, "issues": [issue.json() for issue in self.issues]}


def _github(plan: str, issues: Sequence[Issue]) -> Table:
    columns = ("key", "title", "body", "labels", "due", "owner", "email", "state")
    rows = tuple(
        (
            one.key,
            one.summary,
            one.description("github"),
            ",".join(one.labels),
            one.due.isoformat(),
            cell(one.owner.shown),
            cell(one.owner.email or ""),
            one.state,
        )
        for one in issues
    )
    return Table(plan, columns, rows)


def _gitlab(plan: str, issues: Sequence[Issue]) -> Table:
    """`title`, `description` and `due_date` are the columns it knows; labels are a quick action of the description."""
    rows = tuple((one.summary, _with_labels(one), one.due.isoformat()) for one in issues)
    return Table(plan, ("title", "description", "due_date"), rows)


def _with_labels(one: Issue) -> str:
    labels = " ".join(f'~"{label}"' for label in one.labels)
    return f"{one.description('gitlab')}\n\n/label {labels}"


def _jira_rows(plan: str, issues: Sequence[Issue]) -> Table:
    """A column for each label, all of one name, is how Jira takes several values."""
    count = max((len(one.labels) for one in issues), default=0)
    columns = ("Summary", "Issue Type", "Description", "Due Date", "Assignee", "External issue ID", *["Labels"] * count)
    rows = tuple(
        (
            one.summary,
            "Task",
            one.description("jira"),
            one.due.isoformat(),
            cell(one.owner.email or one.owner.name or ""),
            one.key,
            *one.labels,
            *[""] * (count - len(one.labels)),
        )
        for one in issues
    )
    return Table(plan, columns, rows)


def _plain(text: str) -> str:
    """A text that Markdown shows as it is, on one line; no quick action, and nobody is mentioned in it."""
    shown = markdown(" ".join(text.split()))
    shown = re.sub(r"(?<![\w.])@(?=\w)", "@\N{WORD JOINER}", shown)
    return f"\\{shown}" if shown.startswith("/") else shown


def _jira(text: str) -> str:
    return _JIRA.sub(r"\\\1", clean(" ".join(text.split())))
