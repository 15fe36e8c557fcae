"""A limit counts sites by a field that sites have, and a lighthouse stands for labels that sites have.

Bad:

    limits:
      - {id: per-region, same: regions, max: 2}

Good:

    limits:
      - {id: per-region, same: region, max: 2}
      - {id: rigs, same: labels.optics, max: 1}
      - {id: per-system, same: systems, max: 3}          # a site with two systems counts under both
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.site import GROUPING_FIELDS, LISTED_FIELDS
from rollout.problem import Problem, did_you_mean

CODE = "unknown-field"
FIELDS = (*GROUPING_FIELDS, *LISTED_FIELDS)


def check(subject: Subject) -> Iterator[Problem]:
    """`same` of limits, and labels a lighthouse is to stand for, that no site has."""
    labels = {name for site in subject.programme.sites.values() for name in site.labels}
    for folder in subject.folders:
        for field, weight in folder.plan.lighthouse_fit.represents.items():
            label = field.removeprefix("labels.")
            if label != field and label not in labels and weight:
                source = folder.plan.source / "lighthouse_fit" / "represents" / field
                yield source.warning(CODE, f'no site has a label "{label}"', did_you_mean(label, labels))
        for limit in folder.plan.limits:
            source = folder.plan.source / "limits" / limit.id / "same"
            if limit.same.startswith("labels."):
                label = limit.same.removeprefix("labels.")
                if label not in labels:
                    yield source.warning(CODE, f'no site has a label "{label}"', did_you_mean(label, labels))
            elif limit.same not in FIELDS:
                hint = did_you_mean(limit.same, FIELDS) or "fields: " + ", ".join(FIELDS) + ", labels.NAME"
                yield source.problem(CODE, f'sites cannot be counted by "{limit.same}"', hint)
