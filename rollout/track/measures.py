"""What a gate can measure: one function a measure, over what is recorded. To add one, write it and name it in MEASURES.

A measure that is not in the table is the last figure of a proof of that name, judged as `rollout proof` judges it:
`rollout record lyon proof escape-rate --after 210`. A proof under a name of the table wins over what would be worked
out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from rollout.model.agenda import activities_at
from rollout.model.governance import GovernanceRecord
from rollout.model.people import shifts_without
from rollout.model.proof import CHECKPOINTS
from rollout.model.readiness import Readiness
from rollout.model.record import PROGRAMME
from rollout.model.site import Site
from rollout.model.times import days
from rollout.track.reading import Measured, Reading, count_of, number

SEVERE = 2
"""Incidents of this severity and worse (1) keep a gate shut, and make a site red."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to measure."""

    ask: Callable[[Measured, Site | None], Reading]
    unit: str = ""
    """What its value is said in, where the criterion does not say."""


def measure(name: str, of: Measured, site: Site | None) -> Reading:
    """The value of a measure at a site, or (None) over the whole plan."""
    known = MEASURES.get(name)
    proof = of.facts(site).proofs.get(name)
    if known is None:
        return _proved(of, site, name)
    if proof is None or proof.after is None:
        return known.ask(of, site)
    return Reading(proof.after, proof.on, proof.place / "after")


def _proved(of: Measured, site: Site | None, name: str) -> Reading:
    """The last figure since go-live, by the rules of `rollout proof`.

    What was measured before or promised is proved 21 days after go-live or later. Other figures are taken as they are;
    of a site that is not live yet, the latest.
    """
    pack = of.pack(site)
    proof = next((one for one in pack if one.metric == name), None)
    if site is None or proof is None:
        return Reading(None, said=f"`rollout record {site.id if site else 'SITE'} proof {name} --after …`")
    latest = of.facts(site).proofs[name]
    if not proof.compares and proof.went_live is None and latest.after is not None:
        return Reading(latest.after, latest.on, latest.place / "after")
    if proof.after is None:
        live = (
            "it is not live yet"
            if proof.went_live is None
            else f"nothing is measured since go-live; `rollout record {site.id} proof {name} --after …`"
        )
        return Reading(None, source=latest.place, said=live)
    place = proof.after.record.place / "after"
    if proof.compares and (age := proof.age(proof.after)) < CHECKPOINTS[0]:
        said = f"{proof.after.spoken()} is measured {days(age)} after go-live and counts from {CHECKPOINTS[0]} on"
        return Reading(None, source=place, said=said)
    return Reading(
        proof.after.value, proof.after.on, place, f"{proof.verdict}: {proof.reason}" if proof.compares else ""
    )


def _readiness(of: Measured, site: Site | None, *, by: str) -> Reading:
    assessed = of.facts(site).readiness
    if assessed is None:
        return Reading(None, said="not all of the eight dimensions are assessed")
    scores: dict[str, int] = assessed.readiness.model_dump()
    if by == "mean":
        return Reading(assessed.readiness.mean, assessed.on, assessed.place)
    if by == "minimum":
        least = min(scores, key=lambda name: scores[name])
        return Reading(scores[least], assessed.on, assessed.place / "readiness", said=f"its {least}")
    return Reading(scores[by], assessed.on, assessed.place / "readiness")


def _adoption(of: Measured, site: Site | None) -> Reading:
    """Active people as a share of those onboarded, in percent."""
    record = of.facts(site).users
    if record is None or not record.users.onboarded:
        return Reading(None, said="nobody is onboarded yet" if record else "nobody has counted users")
    users = record.users
    said = f"{users.active} of {users.onboarded} people"
    return Reading(100 * users.active / users.onboarded, record.on, record.place / "users", said)


def _training_reach(of: Measured, site: Site | None) -> Reading:
    """People onboarded, which takes the training, as a share of the head-count, in percent."""
    record = of.facts(site).users
    if record is None or site is None or not site.people:
        return Reading(None, said="nobody has counted users" if site and site.people else "its head-count is not known")
    said = f"{record.users.onboarded} of {site.people} people"
    return Reading(100 * record.users.onboarded / site.people, record.on, record.place / "users", said)


def _data_quality(of: Measured, site: Site | None) -> Reading:
    """The lowest of the site's systems, from proofs called `data-quality-SYSTEM`; none without one for each."""
    proofs = of.facts(site).proofs
    systems = site.systems if site is not None else ()
    found: list[Reading] = []
    for system in systems:
        proof = proofs.get(f"data-quality-{system}")
        if proof is None or proof.after is None:
            where = site.id if site is not None else PROGRAMME
            return Reading(None, said=f"`rollout record {where} proof data-quality-{system} --after …`")
        found.append(Reading(proof.after, proof.on, proof.place / "after", f"in {system}"))
    if not found:
        return Reading(None, said="`rollout record SITE proof data-quality --after …`")
    least = min(found, key=lambda reading: reading.value or 0)
    oldest = min(reading.on for reading in found if reading.on)
    return Reading(least.value, oldest, least.source, least.said)


def _benefit_share(of: Measured, site: Site | None) -> Reading:
    """What was gained of what was promised, in percent: the lowest of all proofs with a `target`, judged as by `proof`.

    A promise that cannot be judged leaves all of it unknown.
    """
    promises = [proof for proof in of.pack(site) if proof.target is not None]
    found: list[Reading] = []
    for proof in promises:
        if proof.reached is None or proof.before is None or proof.target is None or proof.after is None:
            last = proof.after or proof.late or proof.target
            place = last.record.place if last is not None else None
            return Reading(None, source=place, said=f"{proof.metric}: {proof.unjudged}")
        said = f"{proof.metric} went from {number(proof.before.value)} to {number(proof.after.value)}"
        said += f", promised was {number(proof.target.value)}: {proof.verdict}"
        found.append(Reading(proof.reached, proof.after.on, proof.after.record.place / "after", said))
    if not found:
        return Reading(None, said="no proof has a `target`")
    return min(found, key=lambda reading: reading.value or 0)


def _cost_variance(of: Measured, site: Site | None) -> Reading:
    """How far the forecast of the worst line of the budget is above it, or its re-forecast, in percent."""
    every = [*of.folder.facts.values(), of.folder.common] if site is None else [of.facts(site)]
    worst: Reading | None = None
    for line in of.money:
        money = line.total if site is None else line.sites.get(site.id)
        told = (kind.get(line.id) for facts in every for kind in (facts.costs, facts.committed, facts.reforecasts))
        records = [record for record in told if record is not None]
        if money is None or money.variance is None or not line.is_budgeted or not records:
            continue
        if worst is None or worst.value is None or money.variance > worst.value:
            last = max(records, key=lambda record: record.on)
            said = f"{line.id}: {number(money.forecast)} of {number(money.expected)}"
            worst = Reading(money.variance, last.on, last.place, said)
    return worst or Reading(None, said="no cost of a line of the budget is recorded, and nothing is committed")


def _lessons(of: Measured, site: Site | None, *, blocking: bool) -> Reading:
    """Open lessons that a site learned or is meant by."""
    return of.open_lessons.at(site, blocking=blocking)


def _incidents(of: Measured, site: Site | None, *, worst: int) -> Reading:
    """Incidents of a severity or worse that are not over."""
    every = [of.facts(site)] if site is not None else of.folder.facts.values()
    found = [incident for facts in every for incident in facts.incidents.values() if incident.is_open(worst)]
    return count_of([(incident, incident.incident) for incident in found], "incident")


def _unsettled(of: Measured, site: Site | None, *, only_unconfirmed: bool = False) -> Reading:
    """Systems that discovery has left open at a site: all of them, or those that are declared and not confirmed."""
    if site is None:
        return Reading(None, said="ask it of a site")
    left = of.programme.unsettled(site)
    if left.is_empty:
        return Reading(None, said=left.spoken())
    lines = of.programme.found.get(site.id, {})
    found = left.unconfirmed if only_unconfirmed else left.names
    counted = count_of([(lines.get(name), name) for name in found], "system")
    return counted if only_unconfirmed or not found else replace(counted, said=left.spoken())


def _champion_cover(of: Measured, site: Site | None) -> Reading:
    """Share of the site's shifts on which a champion works, in percent."""
    if site is None or not site.champions:
        return Reading(None, said="it names no `champions`" if site else "ask it of a site")
    without = shifts_without(site)
    said = f"nobody on shift {' and '.join(map(str, without))}" if without else f"{len(site.champions)} named"
    return Reading(100 * (1 - len(without) / site.shifts), source=site.source / "champions", said=said)


def _items_done(of: Measured, site: Site | None) -> Reading:
    """Share of the site's work before go-live that is done, in percent."""
    if site is None:
        return Reading(None, said="ask it of a site")
    items = [activity.id for activity in activities_at(of.folder.plan, site) if activity.before_go_live]
    done = sum(map(of.facts(site).is_done, items))
    return Reading(100 * done / len(items) if items else 100, said=f"{done} of {len(items)} items")


def _blocking_open(of: Measured, site: Site | None) -> Reading:
    """Items before go-live that block it and are not done."""
    if site is None:
        return Reading(None, said="ask it of a site")
    facts = of.facts(site)
    left = [
        (None, activity.id)
        for activity in activities_at(of.folder.plan, site)
        if activity.blocking and activity.before_go_live and not facts.is_done(activity.id)
    ]
    return count_of(left, "item")


def _hypercare(of: Measured, site: Site | None) -> Reading:
    """1 where a site is in hypercare, 0 where it has left it; nothing before go-live."""
    facts = of.facts(site)
    if facts.went_live is None:
        return Reading(None, said="it is not live yet")
    return Reading(float(facts.left_hypercare is None), said=f"live since {facts.went_live}")


def _scale(of: Measured, site: Site | None) -> Reading:
    """1 where the sponsors have decided to go on, with or without conditions."""
    decided = of.folder.decisions.scale
    if decided is None:
        return Reading(None, said="`rollout record --plan-level scale go --because …`")
    return Reading(float(decided.scale != "no_go"), decided.on, decided.place / "scale", decided.scale)


def _governed(of: Measured, site: Site | None, *, fields: tuple[str, ...]) -> Reading:
    """Share of these fields that are settled for the version that is rolled out, in percent."""
    version = of.folder.plan.version
    if version is None:
        return Reading(None, said="the plan does not say which `version` is rolled out")
    record = of.governance(site)
    if record is None:
        known = sorted({*of.folder.common.governance, *of.facts(site).governance})
        said = f"; on record is {', '.join(known)}" if known else ""
        return Reading(0, said=f"nothing is settled for version {version}{said}")
    missing = [name for name in fields if getattr(record, name) in (None, "failed")]
    said = f"version {version} lacks {', '.join(missing)}" if missing else f"version {version}"
    if "bias_test" in missing and record.bias_test == "failed":
        said = said.replace("lacks bias_test", "failed its bias_test; lacks that")
    return Reading(100 * (1 - len(missing) / len(fields)), record.on, record.place, said)


def _days_to_review(of: Measured, site: Site | None) -> Reading:
    """Days until the next review; below 0 it is overdue."""
    record = of.governance(site)
    if record is None or record.next_review is None:
        return Reading(None, said=f"version {of.folder.plan.version or '?'} has no `next_review`")
    days = (record.next_review - of.as_of).days
    return Reading(days, source=record.place, said=f"on {record.next_review}")


def overdue_reviews(of: Measured) -> Iterator[tuple[str, GovernanceRecord]]:
    """Reviews whose day is past: site (or `_plan`) and record of the version that is rolled out."""
    version = of.folder.plan.version or ""
    everywhere = [(PROGRAMME, of.folder.common), *of.folder.facts.items()]
    for subject, facts in everywhere:
        record = facts.governance.get(version)
        if record is not None and record.next_review is not None and record.next_review < of.as_of:
            yield subject, record


_GOVERNED = (
    "intended_use",
    "data",
    "bias_test",
    "monitoring_owner",
    "monitoring_metric",
    "retraining_trigger",
    "next_review",
)

MEASURES: Mapping[str, Measure] = {
    "readiness-minimum": Measure(partial(_readiness, by="minimum")),
    "readiness-mean": Measure(partial(_readiness, by="mean")),
    **{f"readiness-{name.replace('_', '-')}": Measure(partial(_readiness, by=name)) for name in Readiness.model_fields},
    "adoption": Measure(_adoption, "%"),
    "training-reach": Measure(_training_reach, "%"),
    "data-quality": Measure(_data_quality),
    "benefit-share": Measure(_benefit_share, "%"),
    "cost-variance": Measure(_cost_variance, "%"),
    "open-lessons": Measure(partial(_lessons, blocking=False)),
    "open-blocking-lessons": Measure(partial(_lessons, blocking=True)),
    "open-severe-defects": Measure(partial(_incidents, worst=SEVERE)),
    "open-incidents": Measure(partial(_incidents, worst=4)),
    "undeclared-systems": Measure(_unsettled),
    "unconfirmed-systems": Measure(partial(_unsettled, only_unconfirmed=True)),
    "champion-cover": Measure(_champion_cover, "%"),
    "items-done": Measure(_items_done, "%"),
    "open-blocking-items": Measure(_blocking_open),
    "in-hypercare": Measure(_hypercare),
    "scale-decided": Measure(_scale),
    "governance": Measure(partial(_governed, fields=_GOVERNED), "%"),
    "bias-test": Measure(partial(_governed, fields=("bias_test",)), "%"),
    "monitoring-owner": Measure(partial(_governed, fields=("monitoring_owner", "monitoring_metric")), "%"),
    "retraining-trigger": Measure(partial(_governed, fields=("retraining_trigger",)), "%"),
    "days-to-review": Measure(_days_to_review),
}
"""What a gate can ask for by `measure`, besides proofs: counts, shares in percent, scores from 0 to 5."""
