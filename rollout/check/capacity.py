"""Nothing asks for more than there is.

A need larger than its team, or a group larger than a wave, can never be met, whatever the order of sites. (Whether all
sites together fit is the sequencer's question.)

Bad:

    waves: {size: 3}
    together: [[bergen, oslo, graz, linz]]       # four sites in a wave of three

Good:

    waves: {size: 3-4}
    together: [[bergen, oslo, graz, linz]]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rollout.check.rule import Subject
from rollout.check.unknown_skill import asked, sites_asking
from rollout.model.programme import PlanFolder
from rollout.model.source import Source
from rollout.model.team import SITE
from rollout.problem import Problem

CODE = "capacity"


def check(subject: Subject) -> Iterator[Problem]:
    """Needs above a team's capacity, and groups above the size of any wave or limit."""
    for folder in subject.folders:
        plan = folder.plan
        for name, entries in (("prerequisites", plan.prerequisites), ("activities", plan.activities)):
            for entry in entries:
                yield from _needs(subject, entry.needs, plan.source / name / entry.id / "needs")
        yield from _needs(subject, plan.hypercare.needs, plan.source / "hypercare" / "needs")
        yield from _groups(subject, folder)
    yield from _staff(subject)
    for system in subject.programme.register.systems:
        connector = system.connector
        if connector.team is not None and connector.live_since is None:
            source = subject.programme.register.source / "systems" / system.id / "connector"
            yield from _needs(subject, {connector.team: connector.needs}, source)


def _needs(subject: Subject, needs: Mapping[str, int], source: Source) -> Iterator[Problem]:
    for team_id, amount in needs.items():
        team = subject.programme.teams.team(team_id)
        if team is not None and amount > team.capacity:
            said = f"this needs {team.spoken(amount)} of {team_id}, which has {team.capacity}"
            yield (source / team_id).problem(CODE, said, "ask for less, or raise the team in waves/_teams.yaml")


def _staff(subject: Subject) -> Iterator[Problem]:
    """Demands by skill above what the teams with it have together, for the first site at which that is so."""
    for folder, asking, source in asked(subject):
        for number, staff in enumerate(asking.staff):
            asked_at: list[tuple[tuple[str, ...], str]] = [((), "")]
            if staff.speaks == SITE:
                asked_at = [(site.languages, f" at {site.id}") for site in sites_asking(subject, folder, asking)]
            for languages, where in asked_at:
                teams = subject.programme.teams.eligible(staff, languages)
                total = sum(team.capacity for team in teams)
                if teams and staff.people > total:
                    said = f"this needs {teams[0].spoken(staff.people)} with the skill {staff.skill}{where}, and "
                    said += f"{' and '.join(t.id for t in teams)} {'have' if len(teams) > 1 else 'has'} {total}"
                    place = source / "staff" / number / "people"
                    yield place.problem(CODE, said, "ask for less, or raise a team in waves/_teams.yaml")
                    break


def _groups(subject: Subject, folder: PlanFolder) -> Iterator[Problem]:
    plan = folder.plan
    largest = max(most for _, most in subject.programme.wave_size(folder).steps)
    for number, group in enumerate(plan.together):
        source = plan.source / "together" / number
        if len(group) > largest:
            said = f"{len(group)} sites go live together, and no wave takes more than {largest}"
            yield source.problem(CODE, said, "split the group, or raise `waves.size`")
        for limit in plan.limits:
            sites = [s for i in group if (s := subject.programme.sites.get(i)) and limit.where.matches(s)]
            for value in sorted({v for site in sites for v in site.values_of(limit.same)}):
                same = sum(value in site.values_of(limit.same) for site in sites)
                if same > limit.max:
                    kind = f"{limit.same} {value}"
                    said = f"{same} sites with {kind} go live together, and limit {limit.id} allows {limit.max}"
                    yield source.problem(CODE, said, "split the group, or raise the limit")
        for other in plan.apart:
            both = [site for site in group if site in other]
            if len(both) > 1:
                said = f"{' and '.join(both[:2])} are to be together here and apart elsewhere"
                yield source.problem("contradiction", said, "remove one of the two lines")
