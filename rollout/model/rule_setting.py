"""What a plan says of a rule: how severe its findings are there, or that it is off; always with the reason."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from rollout.model.fields import Bool, Model, Name


class RuleSetting(Model):
    """A rule as this plan has it."""

    severity: Literal["error", "warning"] | None = None
    """What its findings are: `error` fails, `warning` does with `--strict`."""
    off: Bool = False
    """Whether its findings are not shown at all."""
    because: Name
    """Why this plan has it so."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.off == (self.severity is not None):
            msg = "say either `severity: error` (or `warning`) or `off: true`"
            raise ValueError(msg)
        return self
