"""Where a programme keeps what: the names of its files and folders, each once."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEMS = "sites/_systems.yaml"
TEAMS = "waves/_teams.yaml"
PORTFOLIO = "waves/_portfolio.yaml"
HOLIDAYS = "waves/_holidays.yaml"
KNOWN = "waves/_known.yaml"
PAGES = "playbooks"
"""Folder of everything that is rendered."""
CHECKLIST = "checklist.md"
"""The page of a site that people tick boxes on."""
TEMPLATES = "templates/documents"
"""Folder of a programme's own templates."""
SHIPPED_TEMPLATE = "shipped/"
"""Before the name of a template: the one that comes with rollout, whatever stands in its place."""
SHIPPED_FILE = "rollout:"
"""Before the path of a file that comes with rollout."""


def is_planned(path: str) -> bool:
    """Whether `plan` writes a file of the programme: published dates, holidays in use."""
    return path == HOLIDAYS or (path.count("/") == 2 and path == Layout(path.split("/")[1]).schedule)


def is_written(path: str) -> bool:
    """Whether rollout writes a file of the inputs itself, so that it is no edit and may be larger than people's."""
    return path == KNOWN or is_planned(path)


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one plan, by its id. Paths are relative to the programme's folder, with forward slashes."""

    plan_id: str

    @property
    def folder(self) -> str:
        """What people write and what happened."""
        return f"waves/{self.plan_id}"

    @property
    def plan(self) -> str:
        """The intent."""
        return f"{self.folder}/plan.yaml"

    @property
    def schedule(self) -> str:
        """The published dates."""
        return f"{self.folder}/schedule.yaml"

    @property
    def content(self) -> str:
        """Folder of the capability's own words."""
        return f"{self.folder}/content"

    @property
    def records(self) -> str:
        """Folder of what happened."""
        return f"{self.folder}/records"

    def records_of(self, subject: str) -> str:
        """What happened at a site, or, for `_plan`, to the whole plan."""
        return f"{self.records}/{subject}.yaml"

    @property
    def pages(self) -> str:
        """Folder of what is rendered."""
        return f"{PAGES}/{self.plan_id}"

    def checklist_of(self, site_id: str) -> str:
        """A site's checklist."""
        return f"{self.pages}/{site_id}/{CHECKLIST}"
