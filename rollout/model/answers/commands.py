"""Which command answers what: one row each for `--format json`."""

from __future__ import annotations

from typing import Any

from rollout.model.answers import dates, files, learning, people, review, standing

ANSWERS: dict[str, Any] = {
    "import": files.ImportedAnswer,
    "import CHECKLIST": files.RecordedAnswer,
    "validate": files.ValidatedJson,
    "validate --write-known": files.KnownWrittenJson,
    "plan": dates.PlannedJson,
    "plan --check": dates.CheckedJson,
    "publish": dates.PublishedJson,
    "diff": review.ReviewJson,
    "due": standing.DueJson,
    "due --messages": standing.MessagesJson,
    "status": standing.ProgrammeStateJson,
    "status SITE": standing.SiteReportJson,
    "show": dates.ShownJson,
    "explain": dates.ExplainedJson,
    "lighthouse": learning.RankedJson,
    "systems": learning.SystemsJson,
    "systems --found": learning.FoundLateJson,
    "people": people.StaffedJson,
    "budget": people.BudgetedJson,
    "portfolio": people.OpportunitiesJson,
    "record": files.RecordedAnswer,
    "record --kinds": files.RecordKindsJson,
    "whatif": dates.WhatIfJson,
    "capacity": people.TeamLoadsJson,
    "forecast": dates.ForecastJson,
    "gate": standing.GatesJson,
    "gate GATE": standing.GatedJson,
    "lessons": learning.LessonsJson,
    "proof": learning.ProvedJson,
    "audit": standing.AuditedJson,
    "report": files.ReportJson,
    "init": dates.StartedJson,
    "render": dates.RenderedPagesJson,
    "render --preview": dates.PreviewedJson,
    "export issues": files.IssuesJson,
    "fmt": files.FormattedAnswer,
    "schema": files.SchemaKindsJson,
    "schema --write": files.SchemasAnswer,
    "rules": files.RulePagesJson,
    "rules CODE": files.RuleAnswer,
    "doctor": files.DoctoredJson,
}
"""By what is typed, in the order of `rollout --help`; words in capitals stand for an argument."""
