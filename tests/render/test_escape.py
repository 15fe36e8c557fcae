"""Any text in any field reads back from the page as it was given, and no text makes a page into another page.

What "as it was given" means is said by `clean`: one line, its ends trimmed, without control and direction characters.
HTML shows a run of blanks as one, so runs are compared as one. Read by CommonMark with GitHub's tables and
strikethrough. GitHub also makes links of bare addresses and pictures of `:tada:` after Markdown has been read; no
escape prevents that, and the words stay the same, so neither is looked at here.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.model.fields import parse_name
from rollout.model.programme import Programme
from rollout.model.schedule import Schedule
from rollout.render.block import seal, take_apart
from rollout.render.documents.document import Tongues
from rollout.render.engine import Press
from rollout.render.markdown import clean, code, content, escape, mermaid, url
from rollout.render.render import plan_pages, site_pages
from rollout.render.wording import Wording, words
from rollout.sequence.plan import sequence
from rollout.track.standing import stand
from tests.conftest import TODAY, loaded

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

NASTY = (
    "|",
    "a | b",
    "\\|",
    "\\",
    "`",
    "``x`",
    "[x](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "[x]",
    "[^1]",
    "<https://example.com>",
    "<b>bold</b>",
    "<!-- rollout:page:title 00000000 -->",
    "<!-- /rollout:why -->",
    "<!-- rollout: page:title -->",
    "<!--",
    "-->",
    "<script>",
    "::error file=x::no",
    "\x1b[31mred",
    "\x00",
    "\u202egnp",
    "\u200f",
    "\ud800",
    "\ufffe",
    "\U000e0041",
    "- [x] done",
    "# heading",
    "x #",
    "===",
    "---",
    "1. one",
    "1) one",
    "> said",
    "***",
    "**a**",
    "_a_",
    "a_b_c",
    "~~no~~",
    "$x$",
    "$$",
    "&copy;",
    "&#124;",
    "&",
    "a\nb",
    "a\r\n\r\n# b",
    "\ta",
    "    four",
    "{{ site.name }}",
    "{% raw %}",
    "👩‍🔬",
    "é",
    "العربية",
    "=cmd()",
    "https://example.com/a_b*c",
    "@someone #12",
    ":tada:",
    "end",
    "%%{init}%%",
    "!",
    "x!",
    "<",
    "x<",
    ":--",
    "| --- |",
    "```",
    "~~~",
    "+ a",
    "*",
    "-",
    "x" * 90,  # four of them in one name still leave room for the diagrams of a wave's page
)
anything = st.one_of(
    st.lists(st.sampled_from(NASTY) | st.text(max_size=4), min_size=1, max_size=4).map("".join),
    st.text("|`*_[]()<>#!&~\\-+=:1.;$ \tax\n", min_size=1, max_size=20),
    st.text(st.characters(), min_size=1, max_size=40),
)
visible = anything.filter(lambda text: any(map(str.isprintable, text.strip())))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def seen(tokens: list[Token]) -> list[str]:
    """The text of each inline token, as a reader sees it; HTML and pictures in it are no text and show up as such."""
    return [
        squeezed(
            "".join(c.content if not c.type.startswith(("html", "image")) else f"<{c.type}>" for c in t.children or ())
        )
        for t in tokens
        if t.type == "inline"
    ]


def kinds(tokens: list[Token]) -> list[tuple[str, str, list[str]]]:
    """What a page is made of, whatever it says."""
    return [(t.type, t.tag, [c.type for c in t.children or () if c.type != "text"]) for t in tokens]


@given(visible)
@settings(max_examples=200)
def test_a_value_is_its_own_text_wherever_it_lands(value: str) -> None:
    wanted, text = squeezed(clean(value)), escape(value)
    for page, around in (
        ("{}\n", "{}"),
        ("before {} after\n", "before {} after"),
        ("**{}** is\n", "{} is"),
        ("# {} <!-- rollout:page:title 00000000 -->\n", "{}<html_inline>"),
        ("## {}\n", "{}"),
        ("- [ ] {}, by Tue\n", "[ ] {}, by Tue"),
        ("> {}\n", "{}"),
        ("[{}](x.md), and\n", "{}, and"),
        ("| {} | b |\n| --- | --- |\n", "{}"),
        ("| a | b |\n| --- | --- |\n| {} | x |\n", "{}"),
    ):
        plain, hostile = READER.parse(page.format("plain")), READER.parse(page.format(text))
        assert kinds(hostile) == kinds(plain)
        expected = [s.replace("plain", wanted) for s in seen(plain)]
        assert [s.replace(" <", "<") for s in seen(hostile)] == [s.replace(" <", "<") for s in expected], around


@given(anything)
def test_escaping_leaves_one_line_that_is_no_comment_of_ours(value: str) -> None:
    for text in (escape(value), code(value), url(value), mermaid(value)):
        assert len(text.splitlines()) <= 1
        assert "<!--" not in text
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


@given(visible)
def test_code_type_reads_back(value: str) -> None:
    for page in ("in {} it\n", "| a |\n| --- |\n| {} |\n"):
        tokens = READER.parse(page.format(code(value)))
        assert kinds(tokens) == kinds(READER.parse(page.format("`x`"))) or "`x`" not in code(value)
        assert squeezed(clean(value)) in seen(tokens)[-1]
        assert not {c.type for t in tokens for c in t.children or ()} & {"html_inline", "link_open", "image"}


schemes = st.sampled_from(
    ["javascript:", "JaVaScRiPt:", "java\nscript:", "javascript&colon;", "javascript&#58;", "data:text/html,", "vbscript:",
     "httpx:", " javascript:", "\x01javascript:", "file:///", "https://", "http://", "mailto:", "//", "/", "", "../"]
)  # fmt: skip


@given(schemes, anything)
def test_a_link_goes_to_the_web_to_mail_or_to_a_page_beside_it(scheme: str, rest: str) -> None:
    address = scheme + rest
    reader = MarkdownIt("commonmark")
    # A host that neither tidies addresses up nor refuses any.
    reader.normalizeLink, reader.validateLink = str, bool  # type: ignore[method-assign, assignment]  # keeps every link
    tokens = reader.parse(f"[text]({url(address)}) after\n")
    assert seen(tokens) == ["text after"]
    target = str(next(c for c in tokens[1].children or () if c.type == "link_open").attrs["href"])
    before = re.match(r"[^/?#]*?:", target)
    assert before is None or before[0].lower() in ("http:", "https:", "mailto:")
    assert target == "#" or unquote(target) == unquote(clean(address))


@given(anything)
def test_a_diagrams_label_cannot_be_ended_and_reads_back(value: str) -> None:
    label = mermaid(value)
    assert not set(re.sub(r"#\d+;", "", label)) & set("\"'`:;#[](){}<>|%&\\\n\t=~@^")
    assert re.sub(r"#(\d+);", lambda m: chr(int(m[1])), label) == clean(value)


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u200f", " \u202e ", "\ufeff", "\U000e0041"])
def test_a_name_nobody_can_see_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        parse_name(name)


# Whole pages. `qq…` stands where a field is printed as it is, `zz…` where an identifier becomes words.
FIELDS = {
    "sites/_systems.yaml": "systems:\n  m3: {kind: zzkind, title: qqsystem, owner: qqowner, connector: {team: crew, takes: 25wd}}\n  x9: {kind: erp}\n",
    "waves/_teams.yaml": """
        teams:
          crew: {people: 2}
          trainers: {people: 1, skills: [training], languages: [nb]}
        spokes:
          nordic: {serves: [qqunit], engineers: [{name: qqengineer, languages: [nb], from: 2026-09-21}]}
        approvers: {sponsor: [qqlisted], zzapprover: [qqapproves]}
        """,
    "waves/v/plan.yaml": """
        name: qqplan
        version: qqversion
        work_from: 2026-10-05
        lighthouse: oslo
        web: https://git.example.com/acme/rollout
        constraints: {bergen: {after: oslo, lag: 12w, because: qqdecided}}
        prerequisites: {platform: {title: qqplatform, takes: 30wd, where: {region: qqregion, labels: {zz: qqlabel}}}}
        people:
          programme_manager: {name: qqmanager, title: qqtitle, phone: qqphone, email: k.sommer@example.com}
          zzrole: {name: qqholder}
        blackouts:
          - {id: freeze, from: 2026-11-02, to: 2026-11-08, because: qqclosed, where: {business_unit: qqunit}, blocks: [go_live, zzblocked]}
          - {id: audit, from: 2026-10-01, to: 2027-12-31, because: qqclash, blocks: [zzphase, own]}
        activities:
          own: {title: qqactivity, how: qqhow, evidence: qqevidence, owner: zzduty, phase: prepare, starts: T-30, takes: 5d, blocking: true}
          hood: {from_lesson: glare, title: qqhood, starts: T-20, takes: 5d}
          champions: {title: qqchampions, starts: T-40, takes: 5d, source: qqrule}
        gates:
          go-live: {on: T-7, needs: [{id: asked, measure: escape-rate, at_least: 1, unit: qqunits, go: qqgo, no_go: qqnogo, owner: zzshows}, {id: training-reach, measure: training-reach, at_least: 1, go: qqreach}], approvals: {sponsor: 1, zzapprover: 1}}
          exit: {needs: [{id: calm, evidence: own, go: qqcalm, no_go: qqnotcalm, owner: zzshows}]}
        """,
    "waves/v/records/oslo.yaml": """
        - {lesson: glare, says: qqlesson, because: qqlearnt, affects: {country: NO}, on: 2026-09-01, by: qqby}
        """,
    "waves/v/records/bergen.yaml": "- {found: x9, kind: zzfound, source: qqfound, unneeded: true, because: qqunneeded, on: 2026-09-02, by: qqfinder}\n",
    "sites/oslo.yaml": """
        name: qqoslo
        country: NO
        timezone: Europe/Oslo
        languages: [nb]
        region: qqregion
        business_unit: qqunit
        labels: {zz: qqlabel}
        sponsor: {name: qqsponsor, title: qqvp, phone: qqring}
        site_lead: {name: qqlead, title: qqboss, email: i.solberg@example.com}
        headcount: {zzoperators: 25}
        systems: [m3]
        workflows: [packing]
        blackouts: [{id: stock-take, from: 2026-12-01, to: 2026-12-31, because: qqtaking, blocks: [go_live, zzstock]}]
        """,
    "sites/bergen.yaml": "name: qqbergen\ncountry: NO\nbusiness_unit: qqother\n",
}  # fmt: skip
_MARK = re.compile(r"(?:qq|zz)[a-z]+")


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted({mark for text in FIELDS.values() for mark in _MARK.findall(text)}))


def _filled(thing: Any, texts: Mapping[str, str]) -> Any:
    """The same values with other texts in them, past every check that a file would have to pass."""
    if isinstance(thing, str):
        return _MARK.sub(lambda match: texts.get(match[0], match[0]), thing)
    if isinstance(thing, BaseModel):
        values = {name: _filled(getattr(thing, name), texts) for name in type(thing).model_fields}
        return thing.model_copy(update={name: new for name, new in values.items() if new is not getattr(thing, name)})
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in dataclasses.fields(thing)]
        return dataclasses.replace(thing, **{name: _filled(getattr(thing, name), texts) for name in names})
    if isinstance(thing, Mapping):
        return {_filled(key, texts): _filled(value, texts) for key, value in thing.items()}
    if type(thing) is tuple:
        return tuple(_filled(part, texts) for part in thing)
    return thing


class Pages:
    """The pages of one programme, with harmless texts or others."""

    def __init__(self, root: Path) -> None:
        self.programme = loaded(root)
        self.schedule: Schedule = sequence(self.programme, self.programme.plans["v"], TODAY).schedule
        self.press = Press(load_templates(Workspace(root)))
        self.harmless = self.with_texts({})

    def with_texts(self, texts: Mapping[str, str], **contents: str) -> list[str]:
        programme: Programme = _filled(self.programme, texts) if texts else self.programme
        folder = programme.plans["v"]
        files = {f"en/{name}.md": text for name, text in contents.items()}
        folder = dataclasses.replace(folder, content=dataclasses.replace(folder.content, texts=files))
        tongues = Tongues(stand(programme, folder, self.schedule), {})
        setting = tongues.of("en")
        wanted = setting.plan.documents
        sites = [page for one in setting.standing for page in site_pages(self.press, tongues, one, wanted)]
        return [text for _, text in (*sites, *plan_pages(self.press, setting))]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    import textwrap

    root = tmp_path_factory.mktemp("hostile")
    for path, text in FIELDS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return Pages(root)


def _ids(page: str) -> tuple[list[str], tuple[str, ...] | None, list[str]]:
    apart = take_apart(page.split("\n"))
    loose = [line for line in (*apart.head, *(line for block in apart.blocks for line in block.gap)) if line]
    return [block.id for block in apart.blocks if not block.is_edited], apart.listed, loose


def test_every_field_stands_on_some_page(written: Pages) -> None:
    """Or the next test would prove nothing of it."""
    said = "\n".join(written.harmless).lower()
    assert [name for name in _names() if name not in said] == []


@given(st.lists(anything.filter(lambda v: clean(words(v)) != ""), min_size=3, max_size=9, unique_by=clean))
@settings(max_examples=20)
def test_no_text_in_any_field_changes_what_a_page_is_made_of(written: Pages, values: list[str]) -> None:
    texts = {name: values[number % len(values)] for number, name in enumerate(_names())}
    # These are looked up by what they say: the same word for two of them would be another programme.
    texts |= {name: texts[name] + str(n) for n, name in enumerate(("qqlisted", "zzduty", "zzshows", "zzapprover"))}

    def shown(match: re.Match[str]) -> str:
        if match[0].startswith("qq"):
            return clean(texts[match[0]])
        said = texts["zz" + match[2]]
        return clean(words(said) if match[1] == "Z" else Wording().lower(said))

    harmless, hostile = written.harmless, written.with_texts(texts)
    assert len(hostile) == len(harmless)
    for plain, page in zip(harmless, hostile, strict=True):
        assert _ids(page) == _ids(plain)
        before, after = READER.parse(plain), READER.parse(page)
        assert kinds(after) == kinds(before)
        wanted = [re.sub(r"qq[a-z]+|([Zz])z([a-z]+)", shown, text) for text in seen(before)]
        assert seen(after) == list(map(squeezed, wanted))


pieces = st.sampled_from(
    ["```", "~~~", "````", "``` a`b", "  ```", "- a", "  - b", "> q", "# h", "### h", "Title\n===", "Title\n---", "<!--", "-->",
     "<pre>", "</pre>", "<script>", "</style>", "<div>", "</div>", "<?x", "?>", "<![CDATA[", "]]>", "<!X", "<!-- a -->", "| a |\n| --- |",
     "1. x", "    code", "", "", "words", "<!-- rollout:who -->", "<!-- /rollout:why -->", "- [x] own <!-- rollout:glance 00000000 -->",
     "<!--rollout:x-->", "`", "[a]: b", "&copy;"]
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=8), max_size=7).map("\n".join)


@given(texts)
@settings(max_examples=300)
def test_what_stands_behind_a_content_file_is_read_as_without_it(text: str) -> None:
    inside = content(text, 3)
    page = seal(f"<!-- rollout:why -->\n{inside}\n<!-- /rollout:why -->\n\n## Who <!-- rollout:who -->\n")
    tokens = READER.parse(page)
    assert [t.type for t in tokens[-4:]] == ["heading_open", "inline", "heading_close", "html_block"]
    assert [(t.tag, t.level) for t in tokens if t.type == "heading_open"][-1] == ("h2", 0)
    depths = [int(t.tag[1]) for t in tokens if t.type == "heading_open" and t.level == 0][:-1]
    assert min(depths, default=3) == 3
    assert _ids(page) == (["why", "who"], ("why", "who"), [])


@given(texts, texts, texts)
@settings(max_examples=10)
def test_no_content_file_forges_or_breaks_a_block(written: Pages, why: str, workflow: str, exercise: str) -> None:
    files = {"why": why, "workflows/packing": workflow, "exercises/packing": exercise}
    for plain, page in zip(written.harmless, written.with_texts({}, **files), strict=True):
        assert _ids(page) == _ids(plain)
