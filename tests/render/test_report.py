"""The report without a browser: its structure, what people wrote in it, where its links lead, and its bytes."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.load.templates import report_templates
from rollout.model.report import Report
from rollout.model.site import Location
from rollout.problem import RolloutError
from rollout.render.report import MARK, coded, embedded, page
from rollout.render.report_parts import costs, first_screen, gates
from rollout.render.report_place import world
from rollout.render.report_tables import Ways
from tests.conftest import LIVED

REPOSITORY = Path(__file__).parents[2]
HOSTILE = "</script><script>window.got=1</script>\"'><img src=x onerror=window.got=1><!--"
VOID = {"meta", "input", "br", "path", "rect", "line", "circle", "use", "img"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and the texts of those one asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def report() -> Report:
    return pipeline.report(REPOSITORY, LIVED)


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return page(report, report_templates(), "")


def hostile(report: Report) -> Report:
    """The same with a text that would run, were it not escaped, wherever people write one."""
    bad = HOSTILE
    lines = tuple(
        replace(
            line,
            site=line.site.model_copy(update={"name": bad, "region": bad, "business_unit": bad}),
            state=replace(line.state, name=bad, reasons=tuple(replace(one, says=bad) for one in line.state.reasons)),
        )
        for line in report.sites
    )
    gates = tuple(
        replace(
            gate,
            title=bad,
            criteria=tuple(replace(check, message=bad, id=bad) for check in gate.criteria),
            approvals=tuple(replace(one, message=bad) for one in gate.approvals),
            notes=(bad,),
        )
        for gate in report.gates.gates
    )
    where = ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,<script>1</script>", "../../etc/passwd"]
    evidence = {(check.at, bad): where[n % 4] for n, check in enumerate(c for g in gates for c in g.criteria)}
    lessons = tuple(replace(row, says=bad, by=bad, lesson=bad, path="javascript:x") for row in report.lessons.rows)
    return replace(
        report,
        plan=report.plan.model_copy(update={"name": bad}),
        sites=lines,
        state=replace(report.state, name=bad, remarks=(bad,), sites=tuple(line.state for line in lines)),
        closed=tuple(replace(one, name=bad, because=bad) for one in report.closed),
        needed=tuple(replace(one, title=bad) for one in report.needed),
        ties=tuple(replace(one, because=bad) for one in report.ties),
        gates=replace(report.gates, gates=gates),
        evidence=evidence,
        lessons=replace(report.lessons, rows=lessons),
        due=replace(report.due, items=tuple(replace(one, title=bad, site_name=bad) for one in report.due.items)),
    )


def test_every_section_is_there_under_headings_in_order(text: str) -> None:
    found = Page(text)
    assert found.open == []
    ids = [attributes["id"] for attributes in found.all("section")]
    assert ids == ["now", "sites", "time", "waves", "map", "ties", "readiness", "gates", "capacity", "forecast", "money",
                   "systems", "lessons", "due"]  # fmt: skip
    levels = [int(tag[1]) for tag, _ in found.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert Counter(a["id"] for _, a in found.found if "id" in a).most_common(1)[0][1] == 1
    links = {a["href"] for a in found.all("a") if (a["href"] or "").startswith("#")}
    assert links >= {f"#{one}" for one in ids}
    assert {tag for tag, _ in found.found} >= {"header", "nav", "main", "footer"}
    targets = {f"#{a['id']}" for _, a in found.found if "id" in a}
    assert {a["href"] for _, a in found.found if (a.get("href") or "").startswith("#")} <= targets
    assert (found.all("html")[0]["lang"], found.all("a")[0]["class"]) == ("en", "skip")


def test_tables_can_be_read_without_seeing_them(text: str) -> None:
    found = Page(text)
    tables = [attributes for tag, attributes in found.found if tag == "table"]
    assert len(tables) == len(found.all("caption"))
    heads = found.all("th")
    assert all(head.get("scope") in ("col", "row") for head in heads)
    pictures = [attributes for tag, attributes in found.found if tag == "svg"]
    assert all(p.get("role") == "img" or p.get("aria-hidden") == "true" or "viewbox" in p for p in pictures)
    # A colour never stands alone: what is coloured says its word.
    assert all(word.strip() for word in re.findall(r'<span class="pill \w+">.*?</svg>([^<]*)</span>', text))


def test_the_first_screen_says_what_a_sponsor_asks(text: str) -> None:
    now = text[text.index('id="now"') : text.index('id="sites"')]
    for said in ("At risk", "Amber", "0 of 14", "Lyon Coatings", "2 Feb 2027", "13 Jul 2027", "P80 ", "3.15 m EUR",
                 "910 ppm", "250 ppm", "Inconclusive", "Collect the reference parts"):  # fmt: skip
        assert said in now


def test_nothing_is_loaded_and_nothing_runs_but_what_the_policy_names(text: str) -> None:
    found = Page(text)
    (policy,) = (m["content"] or "" for m in found.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    for element in (style, script):
        assert f"'sha256-{b64encode(sha256(element.encode()).digest()).decode()}'" in policy
    assert not [a for _, a in found.found if {"style", "src", "srcset", "onclick", "onload"} & a.keys()]
    assert not {"img", "link", "iframe", "object", "embed", "base"} & {tag for tag, _ in found.found}
    assert not re.search(r"url\((?!#)|@import", style)
    addresses = {a["href"] or "" for _, a in found.found if "href" in a}
    assert all(one.startswith(("#", "https://git.example.com/", "https://dms.example.com/")) for one in addresses)


def test_a_gate_has_one_colour_in_every_place_on_its_own_day_too(report: Report) -> None:
    known = next(gate for gate in report.gates.gates if gate.on and gate.sites and gate.decision == "no_go")
    assert known.on
    today = replace(known, as_of=known.on)
    found = replace(report, as_of=known.on, gates=replace(report.gates, gates=(today,)))
    (coming,) = first_screen(found)["gates"]
    board = gates(found, Ways(found, ""))
    (card,) = board["cards"]
    (row,) = board["table"]["rows"]
    assert {coming["tone"], card["tone"], row["cells"][2]["tone"]} == {"amber"}


def test_what_people_wrote_stays_text(report: Report) -> None:
    found = Page(text := page(hostile(report), report_templates(), ""))
    assert [a.get("id") for a in found.all("script")] == ["index", None]
    assert "img" not in {tag for tag, _ in found.found}
    assert text.count("<!--") == 1
    assert not any(name.startswith("on") for _, a in found.found for name in a)
    assert not re.search(r'href="\s*(javascript|data):', text, re.I)
    rows = json.loads("".join(found.texts["script"][:1]))
    assert len(rows) == len(report.sites)
    assert "onerror" in rows[0][1]
    assert found.texts["h1"] == [HOSTILE]


@pytest.mark.parametrize(
    ("where", "leads_to"),
    [
        ("https://dms.example.com/a?b=c", "https://dms.example.com/a?b=c"),
        ("http://dms.example.com/", "http://dms.example.com/"),
        ("waves/v/evidence/a b.md", "../waves/v/evidence/a%20b.md"),
        ('a"><script>.md', "../a%22%3E%3Cscript%3E.md"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//elsewhere.example.com/x", None),
        ("/etc/passwd", None),
        ("a/../../b", None),
        ("a\\b", None),
        ("https://", None),
        ("https://[", None),
        ("https://a.example.com/\u202e", None),
        ("", None),
    ],
)
def test_only_addresses_and_files_of_the_programme_become_links(
    report: Report, where: str, leads_to: str | None
) -> None:
    beside = Ways(replace(report, plan=report.plan.model_copy(update={"web": None})), "../")
    assert beside.to(where) == leads_to


def test_links_lead_to_the_host_where_there_is_one(report: Report) -> None:
    ways = Ways(report, "../")
    assert ways.to("waves/v/x.yaml", 7) == "https://git.example.com/aldermark/rollout/blob/main/waves/v/x.yaml#L7"


def test_embedded_data_cannot_end_its_element() -> None:
    value = [HOSTILE, "\u2028&<!--"]
    assert not re.search("[<>&\u2028]", embedded(value))
    assert json.loads(embedded(value)) == value
    assert coded("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
    assert coded("one ` only <") == "one ` only &lt;"


def test_same_input_same_bytes(report: Report, text: str) -> None:
    again = pipeline.report(REPOSITORY, LIVED)
    assert page(again, report_templates(), "") == text
    assert str(date.today().year + 7) not in text


def test_many_rows_stand_aside_and_curves_stay_short(report: Report) -> None:
    many = tuple(
        replace(line, site=line.site.model_copy(update={"id": f"s{n}"}), state=replace(line.state, site=f"s{n}"))
        for n in range(25)
        for line in report.sites
    )
    text = page(replace(report, sites=many), report_templates(), "")
    body = re.sub(r"<template>.*?</template>", "", text, flags=re.S)
    table = body[body.index('id="sites-table"') : body.index('id="time"')]
    assert table.count("<tr data-s=") == 100
    assert text[text.index('id="sites-table"') : text.index('id="time"')].count("<tr data-s=") == 350
    assert "The first 100 of 350 rows" in table
    (live,) = re.findall(r'<path class="planned" d="([^"]*)"', text)
    assert live.count("L") < 700
    assert 'class="mark' in body
    assert body.count('class="mark') <= 14


def test_a_plan_without_a_forecast_map_or_money_still_has_its_page(report: Report) -> None:
    bare = tuple(
        replace(line, outlook=None, assessment=None, site=line.site.model_copy(update={"location": None}))
        for line in report.sites
    )
    money = replace(report.money, lines=())
    text = page(replace(report, sites=bare, forecast=None, money=money, ties=()), report_templates(), "")
    assert Page(text).open == []
    for said in ("there is nothing to forecast", "No site has coordinates", "no budget", "No site waits for another"):
        assert said in text


def test_it_is_written_over_itself_and_over_nothing_else(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "index.html"
    size = pipeline.write_report(REPOSITORY, report, out)
    assert out.stat().st_size == size
    assert out.read_text(encoding="utf-8").startswith(MARK)
    out.write_text(MARK + "older", encoding="utf-8")
    assert pipeline.write_report(REPOSITORY, report, out) == size
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(RolloutError, match="there already"):
        pipeline.write_report(REPOSITORY, report, out)
    assert out.read_text(encoding="utf-8") == "mine"
    assert pipeline.write_report(REPOSITORY, report, out, force=True) == size


def test_relative_links_find_the_programme(report: Report, tmp_path: Path) -> None:
    root = tmp_path / "programme"
    root.mkdir()
    own = replace(report, plan=report.plan.model_copy(update={"web": None}))
    pipeline.write_report(root, own, root / "build" / "r.html")
    assert 'href="../playbooks/vision/lyon/checklist.md"' in (root / "build/r.html").read_text(encoding="utf-8")
    pipeline.write_report(root, own, root / "r.html")
    assert 'href="playbooks/vision/lyon/checklist.md"' in (root / "r.html").read_text(encoding="utf-8")


def test_what_changed_since_a_commit(tmp_path: Path) -> None:
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    import git

    repository = git.Repo.init(tmp_path)
    repository.git.add(all=True)
    repository.git.commit(message="before")
    plan = tmp_path / "waves/vision/plan.yaml"
    plan.write_text(plan.read_text().replace("not_before: 2027-05-03", "not_before: 2027-07-08"), encoding="utf-8")
    template = tmp_path / "templates/presets/notes.j2"
    template.parent.mkdir(parents=True)
    template.write_text("{% if x %}y{% endif %}\n", encoding="utf-8")  # no YAML, and nothing may try to read it as such
    found = pipeline.report(tmp_path, LIVED, since="HEAD")
    text = page(found, report_templates(), "")
    changes = text[text.index('id="changes"') :]
    assert "What was edited" in changes
    assert "porto" in changes
    assert "templates/presets/notes.j2:1" in changes
    assert '<a href="#changes">' in text
    with pytest.raises(RolloutError):
        pipeline.report(tmp_path, LIVED, since="no-such-ref")


@pytest.mark.parametrize("latitudes", [(88.0, 70.0), (90.0,), (-90.0,), (-80.0, 83.0), (-90.0, 90.0), (84.5, 20.0)])
def test_no_site_lies_outside_of_the_map(report: Report, latitudes: tuple[float, ...]) -> None:
    lines = [
        replace(line, site=line.site.model_copy(update={"location": Location(lat=latitude, lon=longitude)}))
        for line, latitude, longitude in zip(report.sites, latitudes, (-179.0, 180.0), strict=False)
    ]
    drawn = world(replace(report, sites=tuple(lines)))
    assert drawn is not None
    assert all(0 <= mark["x"] <= drawn["width"] and 0 < mark["y"] < drawn["height"] for mark in drawn["marks"])


def test_money_is_sorted_by_its_numbers_where_a_line_is_over_too(report: Report) -> None:
    """A line that is over had no number to be sorted by, so that its column was sorted as texts."""
    (first, *rest) = report.money.lines
    over = replace(first, total=replace(first.total, forecast=first.total.expected * 1.5))
    shown = costs(replace(report, money=replace(report.money, lines=(over, *rest))))
    assert [row["cells"][0]["text"] for row in shown["rows"]] == [*(line.id for line in report.money.lines), "total"]
    amounts = [cell for row in shown["rows"] for cell in row["cells"][1:6]]
    assert all(re.fullmatch(r"-?\d+(\.\d)?|", cell["sort"]) for cell in amounts)
    variance = shown["rows"][0]["cells"][5]
    assert (variance["text"], variance["more"], variance["tone"]) == ("+50 %", "over", "red")
    assert "!" not in str(shown["rows"])
