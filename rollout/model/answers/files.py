"""Files and rules: `validate`, `import`, `record`, `fmt`, `rules`, `schema`, `doctor`, `export issues`, `report`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from rollout.model.answers.common import FaultJson, ProblemJson, Severity
from rollout.model.answers.dates import ForecastJson
from rollout.model.answers.learning import LessonsJson, ProvedJson, SystemsJson
from rollout.model.answers.people import BudgetedJson, TeamLoadsJson
from rollout.model.answers.review import ReviewJson
from rollout.model.answers.standing import DueJson, GatesJson, ProgrammeStateJson


class RecordedRecordJson(TypedDict):
    """Entry of `records`."""

    site: str
    record: str
    path: str
    new: bool


class RecordedJson(TypedDict):
    """Records that were added, and what the rules say of them."""

    version: int
    added: int
    """How many were not there yet."""
    records: list[RecordedRecordJson]
    files: list[str]
    warnings: list[FaultJson]
    notes: list[str]


class FormattedProblemJson(TypedDict):
    """Entry of `problems`."""

    code: str
    severity: Severity
    message: str
    path: str
    hint: str


class FormattedJson(TypedDict):
    """Files put in order."""

    version: int
    changed: list[str]
    unchanged: int
    problems: list[FormattedProblemJson]
    """Files that a person has to mend first; as warnings those that are better left as they are."""


class RecordKindJson(TypedDict):
    """A kind of record: what it is and how it is typed."""

    kind: str
    what: str
    how: str


class RecordKindsJson(TypedDict):
    """Every kind of record: what it is and how it is typed."""

    version: int
    kinds: list[RecordKindJson]


class ImportedRejectedJson(TypedDict):
    """Entry of `rejected`."""

    row: int
    reason: str


class ImportedRenamedJson(TypedDict):
    """Entry of `renamed`."""

    id: str
    name: str


class ImportedJson(TypedDict):
    """Every row of a sheet accounted for."""

    version: int
    sheet: str
    rows: int
    added: list[str]
    updated: list[str]
    unchanged: int
    rejected: list[ImportedRejectedJson]
    renamed: list[ImportedRenamedJson]
    gone: list[str]
    """Sites of the folder that the sheet does not name."""
    ignored: list[str]
    """Columns that were not used."""
    notes: list[str]
    files: list[str]


class ValidatedJson(TypedDict):
    """Everything that is wrong with a programme, and how much is known of it."""

    version: int
    problems: list[ProblemJson]
    summary: CountsJson


class KnownWrittenJson(TypedDict):
    """The file of known problems, as it is now."""

    version: int
    path: str
    known: int
    added: list[EntryJson]
    """Entries that were not there."""
    dropped: list[EntryJson]
    """Entries whose problem is gone."""
    left: list[ProblemJson]
    """Errors that cannot be known: they have to be mended."""


class EntryJson(TypedDict):
    """A finding that is known."""

    code: str
    path: str
    fingerprint: str
    times: int


class RulePageJson(TypedDict):
    """One code and its page."""

    code: str
    severity: Severity
    severities: list[Severity]
    """What its findings are where the plan does not say otherwise, the most severe first."""
    kind: Literal["finding", "refusal", "place"]
    fixed: bool
    summary: str
    """The first sentence or paragraph, on one line."""
    text: list[str]
    """The paragraphs after the summary, each on one line."""
    bad: str
    """What brings it about; empty where no file does."""
    good: str
    """The same, mended."""


class RulePagesJson(TypedDict):
    """All pages, by kind and code."""

    version: int
    rules: list[RulePageJson]


class SchemaKindJson(TypedDict):
    """A kind of file: its name, where such a file stands and what it holds."""

    kind: str
    file: str
    what: str


class SchemaKindsJson(TypedDict):
    """The kinds of files, with where they stand and what stands in them."""

    version: int
    kinds: list[SchemaKindJson]


class SchemasKeptJson(TypedDict):
    """The schemas of a programme, written or to be written."""

    version: int
    changed: list[str]
    unchanged: int


class FindingJson(TypedDict):
    """One thing that was looked at."""

    what: str
    state: Literal["fine", "note", "wrong"]
    says: str
    remedy: str


class DoctoredJson(TypedDict):
    """Everything that was looked at."""

    version: int
    fine: bool
    findings: list[FindingJson]


class IssueJson(TypedDict):
    """One piece of work at one site."""

    key: str
    """The same in every run, so that an issue that is there already can be found."""
    title: str
    body: str
    labels: list[str]
    due: str
    owner: str | None
    email: str | None
    role: str
    state: Literal["open", "requested", "done"]


class IssuesJson(TypedDict):
    """Issues of a plan, by site and day."""

    version: int
    plan: str
    issues: list[IssueJson]


class ReportJson(TypedDict):
    """A plan as of a day."""

    version: int
    plan: str
    as_of: str
    facts: dict[str, str]
    status: ProgrammeStateJson
    forecast: ForecastJson | None
    """Null where no site has a day."""
    gates: GatesJson
    capacity: TeamLoadsJson
    budget: BudgetedJson
    systems: SystemsJson
    lessons: LessonsJson
    proof: ProvedJson
    due: DueJson
    diff: ReviewJson | None


class CountsJson(TypedDict):
    """How much there is of each."""

    sites: int
    errors: int
    warnings: int
    known: NotRequired[int]
    """Findings that are known, where there are such."""
    gone: NotRequired[int]
    """Known ones that are found no more, where there are such."""


class RecordedAnswer(RecordedJson):
    """`record`, and `import` of a checklist."""

    dry_run: bool


class ImportedAnswer(ImportedJson):
    """`import`."""

    dry_run: bool


class FormattedAnswer(FormattedJson):
    """`fmt`."""

    dry_run: bool


class SchemasAnswer(SchemasKeptJson):
    """`schema --write` and `--check`."""

    dry_run: bool


class RuleAnswer(RulePageJson):
    """`rules CODE`."""

    version: int
