"""Every code with its page: the docstrings of the rules, and the pages of what is said elsewhere."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rollout.check.elsewhere import commands, further, loading, places
from rollout.model.rules import Kind, RulePage, RulePages
from rollout.problem import Severity

ERRORS = frozenset(
    {
        "activity-order",
        "capacity",
        "contradiction",
        "cycle",
        "fixed-rule",
        "impossible-date",
        "linked-systems",
        "misplaced-record",
        "other-currency",
        "unknown-halt",
        "unknown-opportunity",
        "unknown-rule",
        "unknown-site",
        "unknown-skill",
        "unknown-team",
        "unlawful",
        *loading.PAGES,
    }
)
"""Codes whose findings are errors; those of all others are warnings."""

BOTH = frozenset(
    {
        "illegal-status",
        "lighthouse",
        "opportunity-without-owner",
        "raci",
        "short-lived",
        "unknown-activity",
        "unknown-field",
        "unknown-lesson",
        "unknown-plan",
        "unknown-system",
    }
)
"""Codes that are errors or warnings, as the case is."""

SOFT = frozenset(
    {
        "linked-systems",
        "misplaced-record",
        "opportunity-without-owner",
        "raci",
        "short-lived",
        "unknown-opportunity",
    }
)
"""Codes of errors that a plan can be made in spite of: they may be softened, switched off, or be known."""

_FIXED = (ERRORS | BOTH) - SOFT


def is_fixed(code: str) -> bool:
    """Whether the errors of this code stay errors, whatever anybody writes: planning would rest on nothing."""
    return code in _FIXED


@cache
def rule_pages() -> RulePages:
    """All pages: findings, refusals, places, each by code."""
    rules: dict[str, str] = {}
    for found in iter_modules(import_module("rollout.check").__path__):
        module = import_module(f"rollout.check.{found.name}")
        if isinstance(code := getattr(module, "CODE", None), str):
            rules.setdefault(code, inspect.getdoc(module) or "")
    kinds: tuple[tuple[Kind, dict[str, str]], ...] = (
        # A page of its own wins over the docstring of `schedule`, which is for whoever reads the code.
        ("finding", {**rules, **further.PAGES, **loading.PAGES}),
        ("refusal", commands.PAGES),
        ("place", places.PAGES),
    )
    return RulePages(
        tuple(
            RulePage(
                code=code,
                severities=_severities(code, kind),
                kind=kind,
                is_fixed=kind != "finding" or is_fixed(code),
                text=text.strip(),
            )
            for kind, pages in kinds
            for code, text in sorted(pages.items())
        )
    )


def _severities(code: str, kind: Kind) -> tuple[Severity, ...]:
    if code in BOTH:
        return ("error", "warning")
    return ("error",) if kind != "finding" or code in ERRORS else ("warning",)
