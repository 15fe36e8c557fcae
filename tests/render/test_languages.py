"""Pages in other languages than English: complete, escaped once, of the same structure, and English where they must be."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po
from markdown_it import MarkdownIt

from rollout import pipeline
from rollout.load import catalogues as loading
from rollout.load.catalogues import load_catalogues
from rollout.load.programme import load_programme
from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.model.language import Catalogue, base, catalogue_for
from rollout.model.times import Duration
from rollout.problem import RolloutError
from rollout.render.markdown import Markdown
from rollout.render.render import render
from rollout.render.wording import Translated, Wording, Wordings
from rollout.sequence.plan import sequence
from rollout.track.standing import stand
from tests.conftest import TODAY, Write, loaded

REPOSITORY = Path(__file__).parents[2]
LOCALES = REPOSITORY / "templates/locales"
SHIPPED = tuple(sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir()))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def catalogues(*wanted: str) -> dict[str, Catalogue]:
    workspace = Workspace(REPOSITORY)
    return load_catalogues(workspace, dict.fromkeys(SHIPPED, ("",)), wanted)


def wording(language: str) -> Wording:
    return Wordings(catalogues(language)).of(language)


def pages(root: Path) -> dict[str, str]:
    programme = loaded(root)
    folder = programme.plans["v"]
    schedule = sequence(programme, folder, TODAY).schedule
    tags = {tag for site in programme.sites.values() for tag in site.languages}
    found = load_catalogues(Workspace(root), programme.catalogues, tags | {folder.plan.written_in or "en"})
    made = render(stand(programme, folder, schedule), load_templates(Workspace(root)), lambda _: None, found)
    return {r.change.path.removeprefix("playbooks/v/"): r.change.after or "" for r in made}


def site(languages: str, **more: str) -> str:
    given = {"name": "Lyon", "country": "FR", "sponsor": "{name: Marc Petit}", "headcount": "{operators: 140}"} | more
    return f"languages: {languages}\n" + "".join(f"{key}: {value}\n" for key, value in given.items())


PLAN = "name: Vision\nwork_from: 2026-10-05\nlighthouse: lyon\npreset: manufacturing@1\n"


# --- the catalogues


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = spec_from_file_location("messages", REPOSITORY / ".ci/messages.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_template_holds_exactly_what_there_is_to_translate(
    messages: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    collected = messages.written(messages.collected())
    assert collected == (LOCALES / "documents.pot").read_bytes(), "run `make messages` and translate what is new"


@pytest.mark.parametrize("language", SHIPPED)
def test_a_shipped_catalogue_is_complete_and_holds_nothing_else(language: str) -> None:
    def texts(path: Path) -> dict[tuple[str | None, str], tuple[tuple[str, ...], tuple[str, ...], bool]]:
        def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
            return (value,) if isinstance(value, str) else tuple(value)

        catalog = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
        assert not catalog.obsolete
        return {(m.context, forms(m.id)[0]): (forms(m.id), forms(m.string), m.fuzzy) for m in catalog if m.id}

    english = texts(LOCALES / "documents.pot")
    translated = texts(LOCALES / language / "LC_MESSAGES/documents.po")
    assert translated.keys() == english.keys()
    for (context, first), (ids, forms, fuzzy) in translated.items():
        assert all(form.strip() for form in forms), first
        assert not fuzzy, first
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for form in forms:
            found = set(PLACEHOLDER.findall(form))
            assert found <= wanted, first
            assert len(wanted - found) <= (len(ids) > 1), first  # a plural form may say its number in a word
            if context is None:
                assert form % dict.fromkeys(wanted, "x"), first
            # What a page needs to keep its structure: code type, links, bold.
            for sign in ("`", "**", "]("):
                assert form.count(sign) == ids[0].count(sign), (first, sign)
            assert re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", form) is None, first


# --- the words


def test_dates_numbers_and_lists_follow_the_language() -> None:
    day = date(2027, 2, 9)
    german, french, arabic = wording("de"), wording("fr"), wording("ar")
    assert [w.day(day) for w in (german, french, wording("es"))] == [
        "Di., 9. Feb. 2027", "mar. 9 févr. 2027", "mar, 9 feb 2027"
    ]  # fmt: skip
    assert arabic.day(day) == "الثلاثاء، 9 فبراير 2027"
    assert wording("es-MX").day(day) == "mar, 9 de feb de 2027"
    assert german.number(0.5) == "0,5"
    assert german.country("FR") == "Frankreich"
    assert german.language_name("nb") == "Norwegisch (Bokmål)"
    assert french.all_of(["A", "B", "C"]) == "A, B et C"
    assert german.any_of(["A|", "B"]) == "A\\| oder B"
    assert Wording().all_of(["A", "B", "C"]) == "A, B and C"
    assert german.lower("site_lead") == "Standortleitung"
    assert french.lower("site_lead") == "responsable du site"
    assert french.lower("hr") == "RH"


def test_arabic_has_six_plural_forms() -> None:
    arabic = wording("ar")
    said = [arabic.length(Duration(days, working=False)) for days in (1, 2, 3, 11, 100)]
    assert said == ["يوم واحد", "يومان", "3 أيام", "11 يومًا", "100 يوم"]


def test_values_in_messages_are_escaped_once() -> None:
    hostile = "a|b `c` [x](javascript:y) <!-- rollout:x --> %(site)s 100%"
    for said in (Wording(), wording("de"), wording("ar")):
        text = said.gettext("Checklist: %(site)s", site=hostile)
        assert type(text) is Markdown
        assert "a\\|b \\`c\\` \\[x\\](javascript:y) &lt;!-- rollout:x --> %(site)s 100%" in text
        assert said.gettext("Checklist: %(site)s", site=Markdown("**a**")).endswith("**a**")


def test_figures_that_would_change_places_are_set_apart_in_right_to_left_text() -> None:
    arabic = wording("ar")
    assert arabic.print("+33 4 72 00") == '<span dir="ltr">+33 4 72 00</span>'
    assert arabic.print("SAP ECC (EU)") == '<span dir="ltr">SAP ECC (EU)</span>'
    assert [arabic.print(x) for x in ("Lyon Coatings", "2.3", "T-28", "فبراير (2)", Markdown("SAP ECC (EU)"))] == [
        "Lyon Coatings", "2.3", "T-28", "فبراير (2)", "SAP ECC (EU)"
    ]  # fmt: skip


# --- the pages


def test_a_site_reads_its_own_language(programme_folder: Write) -> None:
    files = {"sites/lyon.yaml": site("[nb, fr-CA, de]"), "waves/v/plan.yaml": PLAN}
    made = pages(programme_folder(files))
    assert made["lyon/playbook.md"].startswith("# Guide de déploiement : Lyon")
    assert "févr. 2027" in made["lyon/checklist.md"]
    assert "Désigner le sponsor" in made["lyon/checklist.md"]
    assert made["lyon/training/operators.de.md"].startswith("# Schulung: Bedienpersonal, Lyon, Deutsch")
    packet = made["lyon/training/operators.nb.md"]
    assert packet.startswith("# Training: Operators, Lyon, Norwegian")
    assert "nobody has translated them into Norwegian yet" in packet


def test_a_plan_may_say_which_language_its_pages_are_in(programme_folder: Write) -> None:
    files = {"sites/lyon.yaml": site("[fr]"), "waves/v/plan.yaml": PLAN + "written_in: en\n"}
    made = pages(programme_folder(files))
    assert made["lyon/checklist.md"].startswith("# Checklist: Lyon")
    assert "nobody has translated" not in made["lyon/checklist.md"]
    assert made["lyon/training/operators.fr.md"].startswith("# Formation : Opérateurs")


def test_a_page_nobody_has_translated_says_so(programme_folder: Write) -> None:
    files = {"sites/lyon.yaml": site("[nb]"), "waves/v/plan.yaml": PLAN}
    made = pages(programme_folder(files))
    for name in ("playbook", "checklist", "go-no-go"):
        assert (
            "> This page is in English: nobody has translated its texts into Norwegian yet." in made[f"lyon/{name}.md"]
        )


def structure(text: str, *, inline: bool = False) -> list[str]:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    return [f"{token.type} {token.tag}" for token in tokens if token.type != "inline"]


def test_arabic_pages_run_from_right_to_left_and_keep_their_structure(programme_folder: Write) -> None:
    more = {"shifts": "3", "workflows": "[packing]", "site_lead": '{name: "A | <b> (x)", phone: "+33 4 72 00"}'}
    content = {
        "waves/v/content/en/why.md": "Because.\n", "waves/v/content/en/workflows/packing.md": "### Today\n\nBy hand.\n"
    }  # fmt: skip
    files = {"sites/lyon.yaml": site("[ar]", **more), "waves/v/plan.yaml": PLAN, **content}
    arabic = pages(programme_folder(files))
    english = pages(programme_folder({**files, "waves/v/plan.yaml": PLAN + "written_in: en\n"}))
    for name in ("playbook", "checklist", "go-no-go"):
        text = arabic[f"lyon/{name}.md"]
        assert text.count("<div") == text.count("</div>")
        assert text.splitlines()[1] == '<div dir="rtl">'
        assert re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", text) is None

        def shape(markdown: str) -> list[str]:
            return [part for part in structure(markdown) if not part.startswith(("html_block", "paragraph"))]

        assert shape(text) == shape(english[f"lyon/{name}.md"]), name
    # English words of the capability run their own way inside.
    assert '<div dir="ltr">\n\nBecause.\n\n</div>' in arabic["lyon/playbook.md"]
    assert '<span dir="ltr">A \\| &lt;b> (x)</span>' in arabic["lyon/playbook.md"]


def test_the_same_bytes_again(programme_folder: Write) -> None:
    root = programme_folder({"sites/lyon.yaml": site("[ar, de]"), "waves/v/plan.yaml": PLAN})
    assert pages(root) == pages(root)


# --- a programme's own catalogues, and none


OWN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Checklist: %(site)s"
msgstr "{}"
"""


def own(language: str, text: str) -> Mapping[str, str]:
    return {
        "sites/lyon.yaml": site(f"[{language}]"),
        "waves/v/plan.yaml": PLAN,
        f"templates/locales/{language.replace('-', '_')}/LC_MESSAGES/documents.po": OWN.format(text),
    }


def test_a_programme_adds_a_language_and_what_it_lacks_is_english_and_a_warning(programme_folder: Write) -> None:
    root = programme_folder(own("nb", "Sjekkliste: %(site)s"))
    text = pages(root)["lyon/checklist.md"]
    assert text.startswith("# Sjekkliste: Lyon")
    assert "What nobody has translated into" in text
    assert "feb. 2027" in text
    found = [p for p in pipeline.validate(root, TODAY).problems if p.code == "untranslated"]
    assert [(p.severity, p.path) for p in found] == [("warning", "templates/locales/nb/LC_MESSAGES/documents.po")]
    assert "texts are not translated" in found[0].message


def test_a_programmes_own_words_win_over_the_shipped_ones(programme_folder: Write) -> None:
    text = pages(programme_folder(own("de", "Liste: %(site)s")))["lyon/checklist.md"]
    assert text.startswith("# Liste: Lyon")
    assert "Sponsor benennen" in text
    assert "noch niemand übersetzt" not in text


def test_a_plans_own_activities_can_be_translated(programme_folder: Write) -> None:
    files = dict(own("de", "Liste: %(site)s"))
    files["waves/v/plan.yaml"] = PLAN + "activities: {crane: {title: Book the crane, starts: T-30, takes: 5d}}\n"
    path = "templates/locales/de/LC_MESSAGES/documents.po"
    files[path] += '\nmsgctxt "text"\nmsgid "Book the crane"\nmsgstr "Kran bestellen"\n'
    text = pages(programme_folder(files))["lyon/checklist.md"]
    assert "Kran bestellen" in text
    assert "Book the crane" not in text


@pytest.mark.parametrize(
    ("text", "says"),
    [("Liste: %(nmae)s", "nmae"), ("Liste", "missing"), ("Liste: %(site)s 5 %", "per cent")],
)
def test_a_wrong_catalogue_is_named_with_its_line(programme_folder: Write, text: str, says: str) -> None:
    root = programme_folder(own("it", text))
    _, problems = load_programme(Workspace(root))
    assert [(p.code, p.path, p.line > 1) for p in problems] == [
        ("catalogue", "templates/locales/it/LC_MESSAGES/documents.po", True)
    ]
    assert says in str(problems[0])


def test_languages_nobody_translated_are_warnings_at_the_line_of_languages(programme_folder: Write) -> None:
    files = {
        "sites/lyon.yaml": site("[nb, de]"),
        "sites/oslo.yaml": site("[nb]", name="Oslo"),
        "waves/v/plan.yaml": PLAN,
    }
    found = [p for p in pipeline.validate(programme_folder(files), TODAY).problems if p.code == "untranslated"]
    assert [(p.severity, p.path, p.line) for p in found] == [("warning", "sites/lyon.yaml", 1)]
    assert found[0].message == "nobody has translated pages into Norwegian"


def test_without_babel_other_languages_end_with_exit_code_3(
    programme_folder: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = programme_folder({"sites/lyon.yaml": site("[de]"), "waves/v/plan.yaml": PLAN})
    loading._shipped.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "babel"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "babel.messages.pofile", None)
    with pytest.raises(RolloutError) as caught:
        pages(root)
    assert caught.value.exit_code == 3
    assert "pip install 'rollout[languages]'" in str(caught.value)
    english = programme_folder({"sites/lyon.yaml": site("[en-GB]"), "waves/v/plan.yaml": PLAN})
    assert pages(english)["lyon/checklist.md"].startswith("# Checklist: Lyon")


def test_the_nearest_catalogue_serves() -> None:
    assert catalogue_for("pt-BR", {"pt", "pt-BR"}) == "pt-BR"
    assert catalogue_for("es-MX", {"es"}) == "es"
    assert catalogue_for("en-GB", set()) == "en"
    assert catalogue_for("nb", {"de"}) is None
    assert base("zh-Hant-TW") == "zh"
    assert isinstance(wording("es-MX"), Translated)
