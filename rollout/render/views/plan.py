"""What the plan's own pages are told."""

from __future__ import annotations

from typing import TypedDict

from rollout.render.markdown import Markdown
from rollout.render.views.shared import FromDay, PlanView


class OwnPage(TypedDict):
    """What the index and the pages of waves receive."""

    plan: PlanView
    """The plan."""
    edit: str | None
    """Address at which the page is edited."""
    documents: list[str]
    """What each site has, by name: `playbook` stands at `SITE/playbook.md`, `training` in a folder of its own."""


class WaveView(TypedDict):
    """A wave."""

    number: int
    """0 is the lighthouse."""
    name: str
    """`Wave 3`, or `Lighthouse`."""
    period: str
    """Its calendar period: `March 2027`."""
    first: Markdown
    """First go-live."""
    last: Markdown
    """Last go-live."""
    count: int
    """Sites in it."""
    page: str
    """Its page."""


class WaveRow(WaveView):
    """A wave on the index."""

    names: list[str]
    """Its first sites by name."""
    more: int
    """How many more there are."""


class NamedSite(TypedDict):
    """A site by name."""

    name: str
    """Name."""
    id: str
    """Id."""
    country: str
    """Country in words."""


class IndexSite(NamedSite):
    """A site on the index."""

    wave: str
    """Name of its wave."""
    page: str
    """Page of its wave."""
    go_live: Markdown
    """Day of go-live."""
    lead: str | None
    """Site lead."""
    status: str
    """Status on record."""


class UnplacedView(NamedSite):
    """A site without a day."""

    reason: str
    """Why it has none."""


class PictureLink(TypedDict):
    """The picture of the whole plan."""

    file: str
    """Its file."""
    says: str
    """What it shows, for who does not see it."""


class PlanBlackout(FromDay):
    """A closed time of the programme."""

    name: str
    """In words."""
    to: Markdown
    """Last day."""
    blocks: list[str]
    """What may not happen, in words."""
    clear: str | None
    """No go-live so long before either, in words."""
    where: list[str]
    """Where, in words; nothing for every site."""
    because: str | None
    """Why."""


class PlanPrerequisite(TypedDict):
    """Shared work of the programme."""

    title: str
    """What it is."""
    starts: Markdown | None
    """First day of work."""
    ready: Markdown | None
    """First usable day."""
    takes: str
    """How long it takes, in words."""
    teams: list[str]
    """Who does it and how many of them, in words."""
    where: list[str]
    """Who waits for it, in words; nothing for every site."""


class IndexView(TypedDict):
    """What only the index receives."""

    waves: list[WaveRow]
    """The waves in order."""
    wave_count: int
    """How many there are, the lighthouse not counted."""
    paged: bool
    """Whether the sites are too many for this page and stand only on those of their waves."""
    site_count: int
    """Sites of the plan."""
    placed: int
    """How many have a day."""
    first: Markdown | None
    """First go-live."""
    last: Markdown | None
    """Last go-live."""
    as_of: Markdown
    """The day the dates were worked out for."""
    lighthouse: str | None
    """The lighthouse's name."""
    manager: str | None
    """The programme manager's name."""
    sites: list[IndexSite]
    """The sites by wave and day; none where `paged`."""
    unplaced: list[UnplacedView]
    """Sites without a day."""
    gantt: Markdown | None
    """Mermaid text of the waves; nothing where hosts would not draw it."""
    drawing: PictureLink | None
    """The picture of the plan; nothing while no site has a day."""
    blackouts: list[PlanBlackout]
    """Closed times of the programme."""
    prerequisites: list[PlanPrerequisite]
    """What sites wait for."""
    hypercare: str
    """How long hypercare lasts, in words."""


class PageLink(TypedDict):
    """The page of another wave."""

    name: str
    """`Wave 3`, or `Lighthouse`."""
    page: str
    """Its file."""


class Stretch(TypedDict):
    """Some days."""

    starts: Markdown
    """First day."""
    ends: Markdown
    """Last day."""


class WaveSite(NamedSite):
    """A site on the page of its wave."""

    begins: Markdown
    """First day of work."""
    training: Stretch | None
    """When people are trained."""
    go_live: Markdown
    """Day of go-live."""
    hypercare_ends: Markdown
    """When hypercare is planned to end."""
    lead: str | None
    """Site lead."""
    status: str
    """Status on record."""


class OtherSite(TypedDict):
    """A site before or behind this one."""

    name: str
    """Name."""
    id: str
    """Id."""
    wave: str
    """Name of its wave; `no day` where it has none."""
    kind: str
    """`after`, `after-exit` (of hypercare) or `prefer-after`."""
    lag: str | None
    """At least so long between them, in words."""
    because: str | None
    """Why."""


class TiedSite(TypedDict):
    """A site that goes with this one, or not."""

    name: str
    """Name."""
    id: str
    """Id."""
    wave: str
    """Name of its wave."""
    within: str | None
    """At most so long apart, in words."""
    because: str | None
    """Why."""


class ReadyView(TypedDict):
    """Shared work that a site waits for."""

    title: str
    """What it is."""
    ready: Markdown | None
    """First usable day."""


class RelationsView(TypedDict):
    """A site's neighbours in the order of things."""

    name: str
    """Name."""
    id: str
    """Id."""
    after: list[OtherSite]
    """Sites it waits for."""
    before: list[OtherSite]
    """Sites that wait for it."""
    ready: list[ReadyView]
    """Shared work it waits for."""
    together: list[TiedSite]
    """Sites of the same wave by decision."""
    apart: list[TiedSite]
    """Sites that may not be in its wave."""
    neighbours: list[TiedSite]
    """Sites that go live soon before or after it."""


class WavePageView(TypedDict):
    """What only the page of a wave receives."""

    wave: WaveView
    """The wave."""
    before: PageLink | None
    """The wave before it."""
    after: PageLink | None
    """The wave after it."""
    sites: list[WaveSite]
    """Its sites by day."""
    gantt: Markdown | None
    """Mermaid text of its sites; nothing where hosts would not draw it."""
    relations: list[RelationsView]
    """Neighbours of those sites that have any."""
    graph: Markdown | None
    """Mermaid text of these; nothing where it would not be drawn."""


class IndexPage(OwnPage, IndexView):
    """`index.md.j2`, once a plan."""


class WavePage(OwnPage, WavePageView):
    """`wave.md.j2`, once a wave."""
