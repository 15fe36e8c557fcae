"""What sites wait for and what waits for them. For the plan's own pages: a site's may not name the waves of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from rollout.model.plan import Prerequisite
from rollout.model.schedule import wave_name
from rollout.model.standing import SiteStanding
from rollout.model.tied import Group, Order
from rollout.render.dates import spoken
from rollout.render.markdown import mermaid
from rollout.render.setting import Setting
from rollout.render.views.plan import OtherSite, RelationsView, TiedSite
from rollout.render.wording import length

EDGE_LIMIT = 60
"""Hosts stop at 500 edges; people much earlier."""
_KINDS = {"after": "", "after_exit": "after hypercare", "prefer_after": "if possible"}
_ARROWS = {"after": "-->", "after_exit": "-->", "prefer_after": "-.->"}


@dataclass
class Neighbourhood:
    """Everything the plan says about sites in relation to each other, found by site."""

    setting: Setting
    _to: dict[str, list[Order]] = field(default_factory=dict)
    _from: dict[str, list[Order]] = field(default_factory=dict)
    _groups: dict[str, list[Group]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.setting.plan
        for link in sorted(plan.orders, key=lambda one: one.site):
            self._to.setdefault(link.site, []).append(link)
            self._from.setdefault(link.before, []).append(link)
        for group in plan.groups:
            for site in dict.fromkeys(group.sites):
                self._groups.setdefault(site, []).append(group)

    def linked(self, site: str) -> set[str]:
        """The sites that the page of a site's wave names beside it, in whichever wave they are."""
        links = [*self._to.get(site, []), *self._from.get(site, [])]
        members = {other for group in self._groups.get(site, []) for other in group.sites}
        return {*(link.before for link in links), *(link.site for link in links), *members, site}

    def row(self, standing: SiteStanding) -> RelationsView | None:
        """The relations of one site for a table; None for a site that has none."""
        site = standing.site.id
        groups = self._groups.get(site, [])
        view: RelationsView = {
            "name": standing.site.name,
            "id": site,
            "after": [self._end(link, link.before) for link in self._to.get(site, [])],
            "before": [self._end(link, link.site) for link in self._from.get(site, [])],
            "ready": [
                {"title": needed.title, "ready": spoken(ready.ready) if ready else None}
                for needed, ready in standing.prerequisites
            ],
            "together": self._others(site, groups, "together"),
            "apart": self._others(site, groups, "apart"),
            "neighbours": self._others(site, groups, "neighbours"),
        }
        return view if any(isinstance(value, list) and value for value in view.values()) else None

    def graphs(self, standings: Sequence[SiteStanding]) -> list[str]:
        """The neighbourhood of these sites as Mermaid text: with everything, then without what is no site."""
        sites = [standing.site.id for standing in standings]
        links = list(
            dict.fromkeys(link for site in sites for found in (self._to, self._from) for link in found.get(site, []))
        )
        groups = list(dict.fromkeys(group for site in sites for group in self._groups.get(site, [])))
        found = []
        needed = {p.id: p for standing in standings for p, _ in standing.prerequisites}
        if needed:
            found.append(self._graph(sites, links, groups, standings, needed))
        if links or groups:
            found.append(self._graph(sites, links, groups, standings, {}))
        return [text for text in found if text is not None]

    def _graph(
        self,
        sites: list[str],
        links: Sequence[Order],
        groups: Sequence[Group],
        standings: Sequence[SiteStanding],
        needed: dict[str, Prerequisite],
    ) -> str | None:
        edges: list[tuple[str, str, str, str]] = [
            (link.before, _ARROWS[link.kind], length(link.lag) if link.lag else _KINDS[link.kind], link.site)
            for link in links
        ]
        for group in groups:
            members = tuple(dict.fromkeys(group.sites))
            pairs: Iterable[tuple[str, str]] = combinations(members, 2) if group.kind == "apart" else pairwise(members)
            label = f"within {length(group.within)}" if group.within else group.kind
            edges += [(one, "---" if group.kind == "together" else "-.-", label, other) for one, other in pairs]
        waits = [
            (p.id, standing.site.id) for standing in standings for p, _ in standing.prerequisites if p.id in needed
        ]
        if len(edges) + len(waits) > EDGE_LIMIT:
            return None
        own = set(sites)
        tied = list(dict.fromkeys([*sites, *(end for e in edges for end in (e[0], e[3]))]))
        tied = [
            s for s in tied if s not in own or any(s in (e[0], e[3]) for e in edges) or any(s == w for _, w in waits)
        ]
        # Numbers rather than ids: no name, and so none that Mermaid keeps for itself.
        node = {site: f"s{number}" for number, site in enumerate(tied)}
        need = {name: f"p{number}" for number, name in enumerate(sorted(needed))}
        lines = ["flowchart LR", "  classDef here stroke-width:3px"]
        for site in tied:
            where = "" if site in own else f"<br>{mermaid(self._wave(site))}"
            lines.append(f'  {node[site]}["{mermaid(self._name(site))}{where}"]{":::here" if site in own else ""}')
        for name, at in need.items():
            lines.append(f'  {at}(["{mermaid(needed[name].title)}"])')
        for one, arrow, label, other in edges:
            said = f"|{mermaid(label)}|" if label else ""
            lines.append(f"  {node[one]} {arrow}{said} {node[other]}")
        for name, at in need.items():
            # `p0 --> s1 & s2` is three edges in one line.
            ends = " & ".join(node[site] for waited, site in waits if waited == name)
            lines.append(f"  {at} --> {ends}")
        return "\n".join(lines)

    def _end(self, link: Order, other: str) -> OtherSite:
        return {
            "name": self._name(other),
            "id": other,
            "wave": self._wave(other),
            "kind": link.kind.replace("_", "-"),
            "lag": length(link.lag) if link.lag else None,
            "because": link.because,
        }

    def _others(self, site: str, groups: Sequence[Group], kind: str) -> list[TiedSite]:
        return [
            {
                "name": self._name(other),
                "id": other,
                "wave": self._wave(other),
                "within": length(group.within) if group.within else None,
                "because": group.because,
            }
            for group in groups
            if group.kind == kind
            for other in dict.fromkeys(group.sites)
            if other != site
        ]

    def _name(self, site: str) -> str:
        known = self.setting.programme.sites.get(site)
        return known.name if known else site

    def _wave(self, site: str) -> str:
        """Its wave in words; without a date, that."""
        placed = self.setting.standing.schedule.sites.get(site)
        return "no day" if placed is None else wave_name(placed.wave).capitalize()
