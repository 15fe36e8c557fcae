"""The report in a browser: filters, sorting, keyboard, screen readers, paper. Skipped, with the reason, without one.

`.ci/run` installs Chromium; pictures at three widths are left in build/report/ for who wants to look.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest

from rollout import pipeline
from rollout.load.templates import report_templates
from rollout.render.report import page as page_of
from tests.conftest import LIVED
from tests.render.test_report import REPOSITORY, hostile

BUILD = REPOSITORY / "build" / "report"
AXE = "4.14.1"
AXE_INTEGRITY = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ROWS = "#sites-table tbody tr"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example's page, one of 350 sites, and one full of texts that would run."""
    report = pipeline.report(REPOSITORY, LIVED)
    many = tuple(
        replace(line, site=line.site.model_copy(update={"id": f"{line.site.id}-{n}"}))
        for n in range(25)
        for line in report.sites
    )
    folder = tmp_path_factory.mktemp("report")
    found = {}
    for name, one in (("example", report), ("many", replace(report, sites=many)), ("hostile", hostile(report))):
        found[name] = folder / f"{name}.html"
        found[name].write_text(page_of(one, report_templates(), ""), encoding="utf-8")
    return found


class Shown:
    """A page in the browser, and whatever it did that it should not."""

    def __init__(self, browser: Any, file: Path, width: int = 1440, scheme: str = "light", **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 960}, color_scheme=scheme, **more)
        self.wrong: list[str] = []
        address = file.as_uri()

        def answer(route: Any) -> None:
            if route.request.url.partition("#")[0] == address:
                route.continue_()
            else:
                self.wrong.append(f"asked for {route.request.url}")
                route.abort()

        self.context.route("**/*", answer)
        self.page = self.context.new_page()
        self.page.on("console", lambda said: self.wrong.append(said.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.goto(address)

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *error: object) -> None:
        self.context.close()
        assert error[0] is not None or self.wrong == []


def test_filters_show_the_same_sites_everywhere(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["example"]) as page:
        count = page.locator("#count")
        assert (count.inner_text(), page.locator(ROWS).count()) == ("14 sites", 14)
        page.get_by_label("Search").fill("LYON")
        assert count.inner_text() == "1 of 14 sites"
        for table in ("sites-table", "gantt", "readiness-table"):
            assert page.locator(f"#{table} tbody tr").count() == 1
        assert page.locator(".map .mark:not(.faded)").count() == 1
        page.get_by_label("Search").fill("no such site")
        assert (count.inner_text(), page.locator(ROWS).count()) == ("0 of 14 sites", 0)
        assert "No row matches" in page.locator("#sites-table .pager").inner_text()
        page.get_by_role("button", name="Clear").click()
        page.wait_for_function("document.getElementById('count').textContent === '14 sites'")
        page.get_by_label("Wave", exact=True).select_option("1")
        page.get_by_label("Region").select_option("emea")
        page.get_by_label("Health").select_option("amber")
        names = page.locator(f"{ROWS} th a").all_inner_texts()
        assert sorted(names) == ["Leipzig Films", "Linz Castings"]


def test_tables_sort_by_what_is_meant_with_mouse_and_keyboard(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["example"]) as page:
        head = page.locator("#sites-table th", has_text="Go-live")
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        assert page.locator(f"{ROWS} th a").first.inner_text() == "Lyon Coatings"
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert page.locator(f"{ROWS} th a").first.inner_text() == "Joinville Coatings"
        done = page.locator("#sites-table th", has_text="Done")
        done.get_by_role("button").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Space")
        assert page.locator("#sites-table [aria-sort]").count() == 1
        assert page.locator(f"{ROWS} th a").first.inner_text() == "Lyon Coatings"


def test_the_keyboard_reaches_the_report_past_the_menu(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["example"]) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_many_rows_are_turned_page_by_page_and_all_are_printed(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["many"]) as page:
        assert page.locator(ROWS).count() == 100
        pager = page.locator("#sites-table .pager")
        assert pager.get_by_role("status").inner_text() == "Rows 1 to 100 of 350"
        pager.get_by_role("button", name="Later rows").click()
        assert pager.get_by_role("status").inner_text() == "Rows 101 to 200 of 350"
        page.get_by_label("Search").fill("lyon")
        assert page.locator(ROWS).count() == 25
        page.get_by_label("Search").fill("")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(ROWS).count() == 350
        assert page.locator("details:not([open])").count() == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(ROWS).count() == 100


def test_without_scripts_the_first_rows_are_there(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["many"], java_script_enabled=False) as page:
        assert page.locator(ROWS).count() == 100
        assert page.locator("#sites-table noscript, #sites-table .note").first.is_visible()
        assert not page.locator(".filters").is_visible()


def test_hostile_texts_are_shown_and_do_nothing(browser: Any, files: dict[str, Path]) -> None:
    with Shown(browser, files["hostile"]) as page:
        assert page.evaluate("window.got") is None
        assert "<img src=x onerror" in page.locator("h1").inner_text()
        assert page.locator("img").count() == 0
        assert page.get_by_label("Region").count() == 0


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_it_fits_every_width_and_paper(browser: Any, files: dict[str, Path], width: int) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        with Shown(browser, files["example"], width, scheme) as page:
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.screenshot(path=BUILD / f"{width}-{scheme}.png")
            if (width, scheme) != (1440, "light"):
                continue
            assert page.locator("section.now").bounding_box()["height"] < 960
            page.set_viewport_size({"width": 1032, "height": 720})  # A4 across, without its margins
            page.emulate_media(media="print")
            cut = "[...document.querySelectorAll('.scroll, .bare, .card')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
            assert page.evaluate(cut) == 0
            paper = page.pdf(path=BUILD / "a4.pdf", prefer_css_page_size=True)
            boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper))
            assert {tuple(round(float(x)) for x in box.split()) for box in boxes} == {(0, 0, 842, 595)}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, fetched once from npm into build/ and held against its digest."""
    BUILD.mkdir(parents=True, exist_ok=True)
    archive = BUILD / f"axe-core-{AXE}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no npm, which brings axe-core")
        try:
            subprocess.run(
                [npm, "pack", f"axe-core@{AXE}", "--silent"], cwd=BUILD, check=True, capture_output=True, timeout=60
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"npm does not bring axe-core: {type(error).__name__}")
    assert sha512(archive.read_bytes()).digest() == b64decode(AXE_INTEGRITY), f"{archive} is another one than expected"
    with tarfile.open(archive) as held:
        member = held.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing(browser: Any, files: dict[str, Path], axe: str, scheme: str, width: int) -> None:
    with Shown(browser, files["example"], width, scheme) as page:
        # What is out of sight has to be looked at too.
        page.evaluate("document.querySelectorAll('section').forEach(e => { e.style.contentVisibility = 'visible' })")
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        said = {one["id"]: [node["html"][:160] for node in one["nodes"][:3]] for one in found["violations"]}
        assert said == {}
        assert len(found["passes"]) > 20
