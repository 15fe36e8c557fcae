"""What an approval binds: the right changes make it stale, and no others do."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.load.evidence import FilesOnDisk, digest_of
from rollout.load.overlay import Overlay
from rollout.load.programme import load_programme
from rollout.load.revision import FilesAt
from rollout.load.workspace import Workspace
from rollout.model.binding import bind, bound_names, canonical
from rollout.model.programme import Programme
from rollout.repository import Repository
from tests.conftest import Write, golden, loaded

REPOSITORY = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "digests.txt"

SITES = {
    "lyon": {
        "name": "Lyon",
        "country": "FR",
        "languages": ["fr"],
        "systems": ["apriso", "sap"],
        "workflows": ["packing"],
        "headcount": {"operators": 140, "engineers": 6},
        "shifts": 3,
        "labels": {"line": "wet"},
    },
    "linz": {"name": "Linz", "country": "AT", "languages": ["de"]},
    "graz": {"name": "Graz", "country": "AT"},
}
PLAN: dict[str, Any] = {
    "name": "V",
    "version": "2.3",
    "work_from": "2026-10-05",
    "lighthouse": "lyon",
    "activities": {"review": {"title": "Review", "starts": "T-60", "takes": "20d"}},
    "gates": {
        "go-live": {
            "needs": {
                "reviewed": {"evidence": "review", "max_age": "365d", "go": "Approved.", "owner": "security"},
                "used": {"measure": "adoption", "at_least": 60, "unit": "%"},
            },
            "approvals": {"sponsor": 1},
            "tolerance": "5d",
            "binds_fields": ["shifts", "labels.line"],
        }
    },
}
RECORDS = [
    {"item": "review", "state": "done", "evidence": "docs/review.txt", "on": "2026-11-01", "by": "A"},
    {"status": "preparing", "on": "2026-10-06", "by": "A"},
]


def folder_of(
    root: Path, sites: Mapping[str, Any], plan: Any, records: Any = RECORDS, evidence: bytes = b"fine\n"
) -> Programme:
    """A programme of these values, written as JSON, which is YAML."""
    for path in root.rglob("*.yaml"):
        path.unlink()
    for name in ("sites", "waves/v/records", "docs"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for site, values in sites.items():
        (root / f"sites/{site}.yaml").write_text(json.dumps(values))
    (root / "sites/_systems.yaml").write_text('{"systems": {"apriso": {"kind": "mes"}, "sap": {"kind": "erp"}}}')
    (root / "waves/v/plan.yaml").write_text(json.dumps(plan))
    (root / "waves/v/records/lyon.yaml").write_text(json.dumps(records))
    (root / "docs/review.txt").write_bytes(evidence)
    programme, problems = load_programme(Workspace(root))
    assert not problems, [str(problem) for problem in problems]
    return programme


def digest(programme: Programme, site: str = "lyon", gate: str = "go-live") -> str:
    folder = programme.plans["v"]
    found = folder.plan.gate(gate)
    assert found is not None
    return bind(folder, found, gate, programme.sites[site], programme.files).digest


def edited(value: Any, path: tuple[str, ...], new: Any) -> Any:
    if not path:
        return new
    return {**value, path[0]: edited(value.get(path[0], {}), path[1:], new)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bound")


@pytest.fixture(scope="module")
def before(root: Path) -> str:
    return digest(folder_of(root, SITES, PLAN))


GATE = ("gates", "go-live")
BINDING = [
    (("country",), "BE"),
    (("languages",), ["fr", "en"]),
    (("systems",), ["sap"]),
    (("workflows",), ["packing", "rework"]),
    (("headcount", "operators"), 141),
    (("headcount", "engineers"), 0),
    (("shifts",), 2),
    (("labels", "line"), "dry"),
]
BINDING_PLAN = [
    (("version",), "2.4"),
    ((*GATE, "needs", "used", "at_least"), 61),
    ((*GATE, "needs", "used", "at_most"), 90),
    ((*GATE, "needs", "used", "unit"), "percent"),
    ((*GATE, "needs", "used", "measure"), "training-reach"),
    ((*GATE, "needs", "reviewed", "max_age"), "364d"),
    ((*GATE, "needs", "reviewed", "go"), "Approved in writing."),
    ((*GATE, "needs", "reviewed", "at"), "lighthouse"),
    ((*GATE, "needs", "more"), {"measure": "open-lessons", "at_most": 0}),
    ((*GATE, "binds_fields"), ["shifts", "labels.line", "region"]),
]
FREE = [
    (("name",), "Lyon Coatings"),
    (("value",), 9),
    (("timezone",), "Europe/Paris"),
    (("labels", "colour"), "red"),
    (("sponsor",), {"name": "Marc Petit"}),
    (("blackouts",), {"x": {"from": "12-24", "to": "12-31", "every": "year", "because": "x"}}),
    (("systems",), ["sap", "apriso"]),
]
FREE_PLAN = [
    (("name",), "Another name"),
    (("waves",), {"every": "week"}),
    (("constraints",), {"lyon": {"not_before": "2027-03-01", "because": "x"}}),
    ((*GATE, "needs", "used", "owner"), "trainer"),
    ((*GATE, "needs", "used", "source"), "somewhere"),
    ((*GATE, "approvals"), {"sponsor": 2}),
    ((*GATE, "tolerance"), "9d"),
    ((*GATE, "title"), "May it?"),
    (("gates", "exit"), {"needs": [{"measure": "adoption", "at_least": 1}]}),
    (("activities", "review", "takes"), "30d"),
]


@pytest.mark.parametrize(("path", "new"), BINDING, ids=str)
def test_a_bound_field_of_the_site_does(root: Path, before: str, path: tuple[str, ...], new: Any) -> None:
    assert digest(folder_of(root, edited(SITES, ("lyon", *path), new), PLAN)) != before


@pytest.mark.parametrize(("path", "new"), BINDING_PLAN, ids=str)
def test_a_criterion_or_the_version_does(root: Path, before: str, path: tuple[str, ...], new: Any) -> None:
    assert digest(folder_of(root, SITES, edited(PLAN, path, new))) != before


@pytest.mark.parametrize(("path", "new"), FREE, ids=str)
def test_another_field_of_the_site_does_not(root: Path, before: str, path: tuple[str, ...], new: Any) -> None:
    assert digest(folder_of(root, edited(SITES, ("lyon", *path), new), PLAN)) == before


@pytest.mark.parametrize(("path", "new"), FREE_PLAN, ids=str)
def test_another_part_of_the_plan_does_not(root: Path, before: str, path: tuple[str, ...], new: Any) -> None:
    assert digest(folder_of(root, SITES, edited(PLAN, path, new))) == before


def test_evidence_counts_by_what_is_in_it(root: Path, before: str) -> None:
    def with_record(**over: str) -> list[dict[str, str]]:
        return [{**RECORDS[0], **over}, RECORDS[1]]

    assert digest(folder_of(root, SITES, PLAN, evidence=b"other\n")) != before
    assert digest(folder_of(root, SITES, PLAN, evidence=b"fine\r\n")) == before, "a checkout on Windows"
    assert digest(folder_of(root, SITES, PLAN, evidence=b"fine\0\r\n")) != digest(
        folder_of(root, SITES, PLAN, evidence=b"fine\0\n")
    ), "not a text"
    assert digest(folder_of(root, SITES, PLAN, with_record(by="B", on="2026-11-02"))) == before
    (root / "docs/moved.txt").write_bytes(b"fine\n")
    assert digest(folder_of(root, SITES, PLAN, with_record(evidence="docs/moved.txt"))) == before
    assert digest(folder_of(root, SITES, PLAN, with_record(evidence="docs/gone.txt"))) != before
    address = digest(folder_of(root, SITES, PLAN, with_record(evidence="https://example.com/1")))
    assert address != before
    assert address != digest(folder_of(root, SITES, PLAN, with_record(evidence="https://example.com/2")))
    assert digest(folder_of(root, SITES, PLAN, RECORDS[1:])) != before


def test_a_long_text_is_hashed_with_its_line_ends_as_git_keeps_them(tmp_path: Path) -> None:
    line = b"x" * 1021 + b"\r\n"  # 1023 bytes, so that chunks end inside of CRLF
    (tmp_path / "long.txt").write_bytes(line * 3000)
    (tmp_path / "out").symlink_to(Path(__file__))
    files = FilesOnDisk(Workspace(tmp_path))
    assert files.digest("long.txt") == hashlib.sha256(line.replace(b"\r", b"") * 3000).hexdigest()
    assert [files.state(name) for name in ("out", "no", ".", "long.txt/x", "n" * 400)] == [
        "outside",
        "missing",
        "folder",
        "missing",
        "missing",
    ]
    assert files.digest("out") is None


def test_line_ends_count_alike_wherever_a_chunk_ends(tmp_path: Path) -> None:
    data = b"x" * ((1 << 20) - 1) + b"\r\r\nx\r"
    (tmp_path / "long.txt").write_bytes(data)
    wanted = hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
    assert FilesOnDisk(Workspace(tmp_path)).digest("long.txt") == wanted
    assert digest_of(bytes([byte]) for byte in data[-9:]) == digest_of([data[-9:]])


def test_evidence_of_a_commit_that_is_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    root = tmp_path / "programme"
    (root / "docs").mkdir(parents=True)
    (root / "docs/proof.txt").write_text("seen\n")
    leads = {
        "link.txt": "docs/proof.txt",
        "again.txt": "link.txt",
        "docs/own.txt": "../link.txt",
        "papers": "docs",
        "out.txt": "../secret.txt",
        "absolute.txt": "/etc/hostname",
        "round.txt": "round.txt",
        "nowhere.txt": "docs/no.txt",
    }
    for name, target in leads.items():
        (root / name).symlink_to(target)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "proof")):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    (tmp_path / "secret.txt").write_text("secret\n")
    names = (*leads, "papers/proof.txt", "docs/proof.txt", "docs", "docs/proof.txt/x", "..", ".")
    there, on_disk = FilesAt(Repository.find(root), "HEAD"), FilesOnDisk(Workspace(root))
    assert [(name, there.state(name)) for name in names] == [(name, on_disk.state(name)) for name in names]
    assert [there.digest(name) for name in names] == [on_disk.digest(name) for name in names]
    assert there.digest("docs/own.txt") == hashlib.sha256(b"seen\n").hexdigest()


_words = st.text("abcxyz", min_size=1, max_size=6)
_fields = st.fixed_dictionaries(
    {
        "country": st.sampled_from(["FR", "DE", "NO"]),
        "systems": st.lists(st.sampled_from(["apriso", "sap"]), unique=True),
        "workflows": st.lists(_words, unique=True, max_size=3),
        "languages": st.lists(st.sampled_from(["fr", "de", "en"]), unique=True),
        "headcount": st.dictionaries(_words, st.integers(0, 999), max_size=3),
        "shifts": st.integers(1, 7),
        "labels": st.fixed_dictionaries({"line": _words}),
    }
)


def _meant(site: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a site says, as a person would compare it."""
    return (
        site["country"],
        frozenset(site["systems"]),
        frozenset(site["workflows"]),
        tuple(site["languages"]),
        tuple(sorted(site["headcount"].items())),
        site["shifts"],
        site["labels"]["line"],
    )


@settings(max_examples=25)
@given(_fields, _fields)
def test_two_states_of_a_site_bind_alike_exactly_when_they_mean_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: Mapping[str, Any], other: Mapping[str, Any]
) -> None:
    root = tmp_path_factory.getbasetemp() / "two"
    root.mkdir(exist_ok=True)
    first = digest(folder_of(root, {**SITES, "lyon": {"name": "A", **one}}, PLAN))
    second = digest(folder_of(root, {**SITES, "lyon": {"name": "B", **other}}, PLAN))
    assert (first == second) == (_meant(one) == _meant(other))


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.lists(_words, unique=True, max_size=3))
def test_the_order_of_keys_and_other_sites_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, random: Any, joining: list[str]
) -> None:
    def shuffled(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    root = tmp_path_factory.getbasetemp() / "order"
    root.mkdir(exist_ok=True)
    sites = {**SITES, **{f"new-{name}": {"name": name, "country": "IT"} for name in joining}}
    sites.pop(random.choice(["linz", "graz"]))
    found = digest(folder_of(root, shuffled(sites), shuffled(PLAN), shuffled(RECORDS)))
    assert found == digest(folder_of(root, SITES, PLAN))


def test_inherited_values_bind_as_if_they_stood_in_the_file(programme_folder: Write) -> None:
    gates = "gates: {g: {needs: [], binds_fields: [region]}}"
    plan = {"waves/v/plan.yaml": f"name: V\nwork_from: 2026-10-05\nlighthouse: a\n{gates}\n"}
    own = loaded(programme_folder({**plan, "sites/x/a.yaml": "name: A\ncountry: FR\nregion: emea # here\n"}))
    here = digest(own, "a", "g")
    files = {"sites/x/a.yaml": "# a comment\nname: A\n", "sites/x/_defaults.yaml": "region: emea\ncountry: FRA\n"}
    assert digest(loaded(programme_folder({**plan, **files})), "a", "g") == here
    files["sites/x/_defaults.yaml"] = "region: apac\ncountry: FRA\n"
    assert digest(loaded(programme_folder({**plan, **files})), "a", "g") != here


def test_text_binds_in_one_form_of_unicode() -> None:
    assert canonical({"b": "é", "a": ["é", None, 1.5]}) == '{"a":["é",null,1.5],"b":"é"}'


def test_what_changed_is_named(root: Path) -> None:
    def binding(sites: Any, evidence: bytes) -> Any:
        programme = folder_of(root, sites, PLAN, evidence=evidence)
        gate = programme.plans["v"].plan.gate("go-live")
        assert gate is not None
        return bind(programme.plans["v"], gate, gate.id, programme.sites["lyon"], programme.files)

    then = binding(SITES, b"1")
    now = binding(edited(SITES, ("lyon", "shifts"), 1), b"2")
    assert now.changed(then) == ("evidence reviewed", "shifts")
    gate = folder_of(root, SITES, PLAN).plans["v"].plan.gate("go-live")
    assert gate is not None
    assert bound_names(gate)[:9] == (
        *("country", "systems", "workflows", "languages", "headcount", "version", "shifts", "labels.line"),
        "criteria",
    )
    assert bound_names(gate)[-1] == "evidence reviewed"


@pytest.mark.parametrize(
    ("field", "said"),
    [("shift", 'did you mean "shifts"'), ("id", "no field of a site"), ("labels.", 'did you mean "labels"')],
)
def test_a_gate_binds_only_what_sites_have(programme_folder: Write, field: str, said: str) -> None:
    plan = f"name: V\nwork_from: 2026-10-05\ngates:\n  g:\n    binds_fields: [region, {field}]\n"
    _, problems = load_programme(Workspace(programme_folder({"waves/v/plan.yaml": plan})), Overlay())
    assert [(p.path, p.code) for p in problems] == [("waves/v/plan.yaml", "wrong-value")]
    assert said in problems[0].message


def test_the_digests_of_the_example_are_as_they_were() -> None:
    """Whoever changes what is bound voids every approval there is: then the digest begins with `v2:`."""
    programme = loaded(REPOSITORY)
    folder = programme.plans["vision"]
    lines = [
        f"{gate.id} {site.id} {bind(folder, gate, gate.id, site, programme.files).digest}"
        for gate in folder.plan.gates
        for site in programme.sites.values()
    ]
    text = "\n".join(lines) + "\n"
    golden(GOLDEN, text)
