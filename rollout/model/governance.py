"""Records of how a model is governed: what it is for, how it was tested, who watches it, when it is reviewed."""

from __future__ import annotations

from typing import ClassVar, Literal

from rollout.model.fields import Day, Name
from rollout.model.record_line import Record, Scope, Where


class GovernanceRecord(Record):
    """What is settled about one version of the capability, at a site or (in `_plan.yaml`) for all of them.

    Later lines of the same version add to earlier ones. A new version begins with nothing: its tests are to be done
    again.
    """

    WORDS: ClassVar[tuple[str, ...]] = ("governance",)
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = (
        'lyon governance 2.3 --bias-test passed --evidence docs/bias.pdf --monitoring-owner "Yannick Moreau"'
    )

    governance: Name
    """Version of the capability."""
    intended_use: Name | None = None
    """What it may be used for, and by whom."""
    data: Name | None = None
    """What it was trained on, and what it sees here."""
    bias_test: Literal["passed", "failed"] | None = None
    """passed or failed."""
    evidence: Where | None = None
    """What shows the test: a path inside the repository, or an address."""
    monitoring_owner: Name | None = None
    """Who watches it in use."""
    monitoring_metric: Name | None = None
    """What is watched, and from which figure on there is an alarm."""
    retraining_trigger: Name | None = None
    """When it is trained again."""
    next_review: Day | None = None
    """Day by which all this is looked at again."""
