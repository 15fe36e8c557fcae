"""Which proof there is, where, and what is to be measured next."""

from __future__ import annotations

from datetime import date

from rollout.model.programme import PlanFolder, Programme
from rollout.model.proof import Proof, metrics, proofs
from rollout.model.proved import Proved, SiteProof


def proof_packs(programme: Programme, folder: PlanFolder, as_of: date, at: str | None = None) -> Proved:
    """The packs of a plan's sites, or of one. A live site and the lighthouse owe every metric measured anywhere."""
    plan = folder.plan
    mine = {site.id for site in programme.sites_of(plan)}
    packs = {site: pack_of(folder, site) for site in folder.records if site in mine}
    packs = {site: pack for site, pack in packs.items() if pack}
    all_metrics = metrics(packs)
    owing = {site for site in mine if folder.facts_of(site).went_live is not None}
    if plan.lighthouse is not None and plan.lighthouse in mine:
        owing.add(plan.lighthouse)
    shown = {at} if at is not None else {*packs, *owing}
    rows = [
        _row(proof, site, site == plan.lighthouse, as_of)
        for site in sorted(shown, key=lambda site: (site != plan.lighthouse, site))
        for proof in _whole(folder, site, packs.get(site, ()), all_metrics if site in owing or site == at else ())
    ]
    days = {site: placement.go_live for site, placement in folder.schedule.sites.items()} if folder.schedule else {}
    without = [site for site in mine - owing if folder.is_placed(site) and _lacks(packs.get(site, ()), all_metrics)]
    without = sorted(without, key=lambda site: (days.get(site, date.max), site)) if at is None else []
    return Proved(
        plan=plan.id,
        name=plan.name,
        lighthouse=plan.lighthouse,
        rows=tuple(rows),
        without=tuple(without),
        next_day=days.get(without[0]) if without else None,
    )


def pack_of(folder: PlanFolder, site: str) -> tuple[Proof, ...]:
    """What a site has measured, by metric."""
    return proofs(folder.records.get(site, ()), folder.facts_of(site).went_live)


def _whole(folder: PlanFolder, site: str, pack: tuple[Proof, ...], wanted: tuple[str, ...]) -> list[Proof]:
    """A pack, with an empty proof for each metric it lacks."""
    went_live = folder.facts_of(site).went_live
    there = {proof.metric: proof for proof in pack}
    absent = {metric: Proof(metric=metric, went_live=went_live) for metric in wanted}
    return [(absent | there)[metric] for metric in sorted({*there, *wanted})]


def _lacks(pack: tuple[Proof, ...], wanted: tuple[str, ...]) -> bool:
    return bool(set(wanted) - {proof.metric for proof in pack if proof.before is not None})


def _row(proof: Proof, site: str, is_lighthouse: bool, as_of: date) -> SiteProof:
    due = proof.next_checkpoint()
    return SiteProof(
        site=site,
        proof=proof,
        is_quoted=is_lighthouse and bool(proof.afters),
        due=due,
        is_overdue=due is not None and due[1] < as_of,
    )
