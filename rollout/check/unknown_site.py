"""A plan names only sites that exist.

A constraint about a site that is misspelt would silently do nothing, and the site it was meant for would go live too
early. The same holds for selectors, shares of a budget, criteria, spokes and records. Ids are the names of the files
below `sites/`. A site that drops out keeps its file and gets a record: `rollout record leeds status dropped`.

Bad:

    constraints:
      leads: {not_before: 2027-02-01}       # the file is sites/uk/leeds.yaml

Good:

    constraints:
      leeds: {not_before: 2027-02-01}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from rollout.check.rule import Subject
from rollout.model.binding import LIGHTHOUSE, PREVIOUS_WAVE, WHOLE_PLAN
from rollout.model.decision import ApprovalRecord
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder
from rollout.model.record import PROGRAMME, HaltRecord
from rollout.model.source import Keys, Source
from rollout.model.team import Teams
from rollout.problem import Problem, did_you_mean

CODE = "unknown-site"


def check(subject: Subject) -> Iterator[Problem]:
    """Sites that plans, selectors, spokes and records name and that have no file."""
    known, renamed = subject.site_ids, subject.programme.renamed
    for site_id, source, where in _everywhere(subject):
        if site_id not in known:
            hint = f"it is {renamed[site_id]} now" if site_id in renamed else _near(site_id, known)
            yield source.problem(CODE, f'{where} names site "{site_id}"', hint)
    for folder in subject.folders:
        for site_id in folder.records:
            if site_id not in known and site_id != PROGRAMME:
                source = Source((folder.layout.records_of(site_id),))
                hint = f"rename it to {renamed[site_id]}.yaml" if site_id in renamed else _near(site_id, known)
                yield source.problem(CODE, f'these records are about site "{site_id}", which has no file', hint)


def _everywhere(subject: Subject) -> Iterator[tuple[str, Source, str]]:
    known = subject.site_ids
    yield from _of_engineers(subject.programme.teams)
    for selector, source in subject.selectors():
        for number, site_id in enumerate(selector.id or ()):
            yield site_id, source / "id" / number, f"`{source.keys[-1]}`"
    for folder in subject.folders:
        for site_id, keys, where in _named(folder.plan):
            if site_id not in known:  # a place is made for those alone: there may be thousands of others
                yield site_id, folder.plan.source.inside(keys), where
        yield from _in_records(folder, subject.programme.renamed)


def _near(site_id: str, known: Collection[str]) -> str:
    gone = f"one that drops out keeps its file: `rollout record {site_id} status dropped`"
    return did_you_mean(site_id, known) or f"write a file for it below sites/, or take this out; {gone}"


def _of_engineers(teams: Teams) -> Iterator[tuple[str, Source, str]]:
    for spoke in teams.spokes:
        for row, engineer in enumerate(spoke.engineers):
            for number, site_id in enumerate(engineer.sites):
                source = teams.source / "spokes" / spoke.id / "engineers" / row / "sites" / number
                yield site_id, source, f"{engineer.name} of the spoke {spoke.id}"


def _named(plan: Plan) -> Iterator[tuple[str, Keys, str]]:
    if plan.lighthouse is not None:
        yield plan.lighthouse, ("lighthouse",), "the lighthouse"
    for site_id in plan.constraints:
        yield site_id, ("constraints", site_id), "a constraint"
    for order in plan.orders:
        yield order.before, order.keys, f"`{order.kind}` of {order.site}"
    for group in plan.groups:
        for number, site_id in enumerate(group.sites):
            yield site_id, (*group.keys, number), f"`{group.kind}`"
    for name, line in plan.budget.items():
        for site_id in line.sites:
            yield site_id, ("budget", name, "sites", site_id), f"the line {name} of the budget"
    for gate in plan.gates:
        for need in gate.needs:
            if need.at not in (None, LIGHTHOUSE, PREVIOUS_WAVE, WHOLE_PLAN):
                yield str(need.at), ("gates", gate.id, "needs", need.id, "at"), f"the criterion {gate.id}/{need.id}"


def _in_records(folder: PlanFolder, renamed: Mapping[str, str]) -> Iterator[tuple[str, Source, str]]:
    for record in folder.records.get(PROGRAMME, ()):
        if isinstance(record, HaltRecord):
            for number, site_id in enumerate(record.exempt):
                yield site_id, record.place / "except" / number, f"`except` of the halt {record.halt}"
        elif isinstance(record, ApprovalRecord):
            # What was approved stays as it was written, its digest too: it is for that site, whatever its id is now.
            for site_id in sorted(record.sites.keys() - renamed.keys()):
                yield site_id, record.place / "sites" / site_id, f"an approval of {record.approval}"
