"""Evidence that a record points to is there: a file inside the repository, or an address.

A file that was moved or deleted shows nothing, and an approval that was given for it no longer counts. Addresses are
not visited.

Bad:

    - {item: security-review, state: approved, evidence: docs/lyon/secuirty.pdf, on: 2026-09-28, by: Ines Wolff}

Good:

    - {item: security-review, state: approved, evidence: docs/lyon/security.pdf, on: 2026-09-28, by: Ines Wolff}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.binding import is_address
from rollout.model.governance import GovernanceRecord
from rollout.model.measured import EvidenceRecord
from rollout.model.record import ItemRecord, Record
from rollout.problem import Problem

CODE = "missing-evidence"
_SAID = {
    "missing": "the evidence {} is not there",
    "outside": "the evidence {} is a link that leads out of the programme's folder",
    "folder": "the evidence {} is a folder",
}


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each path behind which there is no file."""
    files = subject.programme.files
    for folder in subject.folders:
        for records in folder.records.values():
            for record in records:
                key, where = _shown(record)
                if where is None or is_address(where):
                    continue
                if (said := _SAID.get(files.state(where))) is not None:
                    hint = "put the file itself there and commit it, or mend the path"
                    yield (record.place / key).warning(CODE, said.format(where), hint)


def _shown(record: Record) -> tuple[str, str | None]:
    if isinstance(record, EvidenceRecord):
        return "at", record.at
    return "evidence", record.evidence if isinstance(record, ItemRecord | GovernanceRecord) else None
