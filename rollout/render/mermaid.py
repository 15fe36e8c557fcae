"""A plan as Mermaid text: bars, and what waits for what; each small enough to be drawn by git hosts.

Hosts draw no diagram of more than 50,000 characters or 500 edges. Above that the bars are those of waves, and the
graph is one of waves and what they wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rollout.model.calendar import ONE_DAY
from rollout.model.standing import Standing
from rollout.model.times import days
from rollout.render.markdown import clean, mermaid, mermaid_bar
from rollout.render.wave import wave_title

LETTERS, EDGES = 50_000, 500
"""What hosts draw, and the text cannot raise."""
_LABEL = 60
"""Letters of a name."""


def gantt(standing: Standing) -> tuple[str, bool]:
    """Bars of every site by wave, and whether every site is in it; bars of the waves where that would be too much."""
    care = standing.folder.plan.hypercare
    head = [
        "gantt",
        f"  title {mermaid(_cut_name(standing.folder.plan.name))}",
        "  dateFormat YYYY-MM-DD",
        "  axisFormat %b %Y",
    ]
    lines = list(head)
    for wave in standing.waves:
        lines.append(f"  section {wave_title(wave.number)}")
        for site, published in wave.sites:
            facts = standing.folder.facts_of(site.id)
            day = facts.went_live or published
            done = "done, " if facts.left_hypercare else "active, " if facts.went_live else ""
            lines.append(f"  {mermaid_bar(_cut_name(site.name))} :{done}{day}, {care.ends(day) + ONE_DAY}")
    text = "\n".join(lines) + "\n"
    if len(text) <= LETTERS:
        return text, True
    lines = list(head)
    for wave in standing.waves:
        count = f" ({len(wave.sites)} sites)" if len(wave.sites) > 1 else ""
        lines.append(f"  {wave_title(wave.number)}{count} :{wave.starts}, {care.ends(wave.ends) + ONE_DAY}")
    return _cut(lines), False


def graph(standing: Standing) -> tuple[str, bool]:
    """What waits for what, and whether every edge is in it: the sites' own constraints and what they need ready."""
    edges = list(dict.fromkeys(_edges(standing)))
    names = {site_id: standing.programme.sites[site_id].name for site_id in standing.site_ids}
    ready = {p.id: p.title for p in standing.prerequisites}
    days = {site: placement.go_live for site, placement in standing.schedule.sites.items()}
    when = days | {name: ready.ready for name, ready in standing.ready.items()}
    text = _drawn(edges, names, ready, when)
    if len(edges) <= EDGES and len(text) <= LETTERS:
        return text, True
    wave_of = {site: f"wave {placement.wave}" for site, placement in standing.schedule.sites.items()}
    folded = [(wave_of.get(one, one), wave_of.get(other, other), how) for one, other, how in edges]
    known = set(wave_of.values()) | set(ready)
    edges = list(dict.fromkeys(e for e in folded if e[0] != e[1] and e[0] in known and e[1] in known))[:EDGES]
    names = {f"wave {wave.number}": wave_title(wave.number) for wave in standing.waves}
    starts = {f"wave {wave.number}": wave.starts for wave in standing.waves}
    while len(text := _drawn(edges, names, ready, when | starts)) > LETTERS:
        edges = edges[: len(edges) // 2]
    return text, False


_Edge = tuple[str, str, str]
"""From, to, how."""
_HOW = {"after": "", "after_exit": "after hypercare", "prefer_after": "rather"}


def _edges(standing: Standing) -> Iterator[_Edge]:
    plan = standing.folder.plan
    ids = set(standing.site_ids)
    for order in sorted(plan.orders, key=lambda one: one.site):
        if order.site in ids and order.before in ids:
            yield order.before, order.site, f"lag {days(order.lag.days)}" if order.lag else _HOW[order.kind]
    known = {prerequisite.id for prerequisite in standing.prerequisites}
    for prerequisite in standing.prerequisites:
        yield from ((before, prerequisite.id, "") for before in prerequisite.depends_on if before in known)
        for site_id in standing.site_ids:
            if prerequisite.where.matches(standing.programme.sites[site_id]):
                yield prerequisite.id, site_id, ""


def _drawn(edges: Sequence[_Edge], names: Mapping[str, str], ready: Mapping[str, str], when: Mapping[str, date]) -> str:
    ends = {end for edge in edges for end in edge[:2]}
    used = [name for name in (*ready, *names) if name in ends]
    at = {name: f"n{number}" for number, name in enumerate(used)}
    lines = ["flowchart LR"]
    for name in used:
        day = f"<br>{when[name]}" if name in when else ""
        label = f'"{mermaid(_cut_name(ready.get(name) or names[name]))}{day}"'
        lines.append(f"  {at[name]}({label})" if name in ready else f"  {at[name]}[{label}]")
    for one, other, how in edges:
        arrow = "-.->" if how == "rather" else "-->"
        lines.append(f"  {at[one]} {arrow}{f'|{how}|' if how else ''} {at[other]}")
    return "\n".join(lines) + "\n"


def _cut_name(name: str) -> str:
    return clean(name)[:_LABEL]


def _cut(lines: list[str]) -> str:
    while len(text := "\n".join(lines) + "\n") > LETTERS:
        lines = lines[: len(lines) * 3 // 4]
    return text
