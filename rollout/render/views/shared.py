"""What several pages are told."""

from __future__ import annotations

from typing import TypedDict

from rollout.render.markdown import Markdown

# `from` is a keyword of Python, though not of templates.
FromDay = TypedDict("FromDay", {"from": Markdown})
FromTime = TypedDict("FromTime", {"from": str})


class PlanView(TypedDict):
    """The plan."""

    name: str
    """The capability, as people call it."""
    id: str
    """The plan's folder."""
    version: str | None
    """Version of the capability that is rolled out."""
    content: str
    """Folder of the capability's own words."""
    records: str
    """Folder of what happened."""
    file: str
    """`plan.yaml`, to be named where somebody has to change it."""


class PersonView(TypedDict):
    """Somebody to call."""

    name: str
    """Name."""
    title: str | None
    """Job title."""
    contact: str
    """E-mail and telephone, or nothing."""
    role: str
    """Key of the role: `programme_manager`."""
    role_words: str
    """The role in words: `Programme manager`."""


class SiteView(TypedDict):
    """The site a page is about."""

    name: str
    """Name."""
    id: str
    """Id: its file's and its folder's name."""
    country: str
    """Country in words."""
    timezone: str | None
    """IANA name, `Europe/Paris`."""
    business_unit: str | None
    """Business unit."""
    languages: list[str]
    """Tags of the languages spoken there, the first one first."""
    people: int
    """Head-count; 0 where it was not given."""
    shifts: int
    """Number of shifts."""
    is_lighthouse: bool
    """Whether it is the first site, alone."""
    wave: int
    """Number of its wave; the lighthouse's is 0."""
    period: str
    """Its wave's calendar period: `March 2027`."""
    go_live: Markdown
    """Day of go-live."""
    lead: PersonView | None
    """Site lead."""
    sponsor: PersonView | None
    """Sponsor."""
    file: str
    """The site's file, to be named where somebody has to change it."""


class PacketLink(TypedDict):
    """A training packet of the site."""

    role: str
    """Whom it is for."""
    language: str
    """Tag of its language."""
    file: str
    """Path from the site's folder."""


class PagesView(TypedDict):
    """Which other pages the site has, for links."""

    playbook: bool
    """Whether there is a playbook."""
    checklist: bool
    """Whether there is a checklist."""
    go_no_go: bool
    """Whether there is a go/no-go page."""
    training: list[PacketLink]
    """Its training packets."""


class NotesView(TypedDict):
    """What a page says about its own language."""

    language: str
    """Tag of the language it is in."""
    untranslated: str | None
    """Tag of the language it should be in, where nobody has translated it."""
    partly: bool
    """Whether some of its texts are not translated."""


class SitePage(NotesView):
    """What every page of a site receives."""

    site: SiteView
    """The site."""
    plan: PlanView
    """The plan."""
    pages: PagesView
    """The site's other pages."""
    edit: str | None
    """Address at which the page is edited; nothing where `web` is not set in the plan."""


class ContentView(TypedDict):
    """A text of the capability."""

    file: str
    """Where it is written, or would be."""
    wanted: str
    """Tag of the language it should be in."""
    text: Markdown | None
    """The text; nothing where nobody has written it."""
    language: str | None
    """Tag of the language it is in."""
    is_wanted: bool
    """Whether that is the language it should be in."""
    direction: str | None
    """`rtl` or `ltr`, where it does not run the way of its page."""


class WorkflowView(TypedDict):
    """A workflow, before and after."""

    id: str
    """Its id."""
    title: str
    """In words."""
    content: ContentView
    """What the capability's own words say of it."""


class CriterionView(TypedDict):
    """A row of a gate."""

    id: str
    """Its id."""
    name: str
    """In words."""
    go: str | None
    """When the answer is go."""
    no_go: str | None
    """When it is no."""
    measure: str | None
    """What is measured, in words."""
    bound: str | None
    """Its threshold, in words."""
    activity: str | None
    """The work that shows it, where nothing is measured."""
    at_lighthouse: bool
    """Whether it is measured at the lighthouse."""
    max_age: str | None
    """How old the evidence may be, in words."""
    owner: str
    """Who shows it."""
