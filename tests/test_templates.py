"""What a template author gets: own words block by block, a preview, and never half a programme."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.document import DOCUMENTS
from rollout.model.previewed import Previewed
from rollout.problem import RolloutError
from tests.cli.line import rollout
from tests.conftest import TODAY, Write

OWN = "templates/documents/checklist.md.j2"


def fifty() -> dict[str, str]:
    files = {f"sites/s{n:02}.yaml": f"name: Site {n}\ncountry: FR\nsponsor: {{name: A}}\n" for n in range(50)}
    files["waves/v/plan.yaml"] = "name: V\nwork_from: 2026-10-05\nlighthouse: s00\nwaves: {size: 9}\n"
    return files


def few(own: Mapping[str, str]) -> dict[str, str]:
    files = {path: text for path, text in fifty().items() if path in ("sites/s00.yaml", "sites/s01.yaml")}
    return {**files, "waves/v/plan.yaml": fifty()["waves/v/plan.yaml"], **own}


@pytest.fixture
def planned(programme_folder: Write) -> Write:
    def write(files: Mapping[str, str]) -> Path:
        root = programme_folder(files)
        pipeline.plan(root, TODAY)
        return root

    return write


def disk(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def preview(root: Path, document: str = "checklist") -> str:
    (page,) = pipeline.preview(root, "s00", document=document).pages  # type: ignore[arg-type]  # one of those
    return page.text


def problems(root: Path) -> list[tuple[str, int, int, str]]:
    before = disk(root)
    with pytest.raises(RolloutError) as caught:
        pipeline.render(root, TODAY)
    assert caught.value.exit_code == 1
    assert disk(root) == before
    return [(p.path, p.line, p.column, f"{p.message}; {p.hint}") for p in caught.value.problems]


def test_moving_one_site_of_fifty_writes_its_documents_and_the_plans_own_pages(planned: Write) -> None:
    root = planned(fifty())
    pipeline.render(root, TODAY)
    before = disk(root)
    schedule = (root / "waves/v/schedule.yaml").read_text()
    line = next(line for line in schedule.splitlines() if "wave: 2," in line)
    site, day = line.split(":")[0].strip(), date.fromisoformat(line.rpartition(" ")[2].rstrip("}"))
    other = next(d for d in range(1, 29) if d != day.day and day.replace(day=d).weekday() == day.weekday())
    (root / "waves/v/schedule.yaml").write_text(
        schedule.replace(line, line.replace(str(day), str(day.replace(day=other))))
    )
    done = pipeline.render(root, TODAY)
    after = disk(root)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    of_the_site = {path for path in after if path.startswith(f"playbooks/v/{site}/")}
    own = {f"playbooks/v/{name}" for name in ("README.md", "wave-02.md", "plan.svg")}
    assert len(of_the_site) == len(DOCUMENTS)
    assert changed == of_the_site | own | {"waves/v/schedule.yaml"}
    assert set(done.written) == of_the_site | own


def test_a_template_that_breaks_at_the_thirtieth_site_writes_nothing(planned: Write) -> None:
    broken = '{% extends "shipped/checklist.md.j2" %}\n{% block intro %}\n{{ site.name.nothing if site.id == "s30" }}\n{% endblock %}\n'
    root = planned({**fifty(), OWN: broken})
    ((path, line, column, said),) = problems(root)
    assert (path, line, column) == (OWN, 3, 14)
    assert "nothing" in said
    assert not (root / "playbooks").exists()
    (root / OWN).write_text(broken.replace(".nothing", ""))
    assert len(pipeline.render(root, TODAY).written) > 200


def test_one_block_is_overridden_and_the_rest_stays(planned: Write) -> None:
    root = planned(
        few(
            {
                OWN: '{% extends "shipped/checklist.md.j2" %}\n{% block intro %}\nOurs: {{ site.name }}, {{ place(site) }}\n{% endblock %}\n'
            }
        )
    )
    ours = preview(root)
    assert "Ours: Site 0, Lighthouse: the first site" in ours
    assert "How to tick" not in ours
    (root / OWN).unlink()
    shipped = preview(root)
    assert "How to tick" in shipped
    assert ours.split("<!-- /rollout:page:intro -->")[1] == shipped.split("<!-- /rollout:page:intro -->")[1]
    (root / OWN).write_text(
        '{% extends "shipped/checklist.md.j2" %}\n{% block intro %}\n{{ super() }}\nAnd ours.\n{% endblock %}\n'
    )
    both = preview(root)
    assert "How to tick" in both
    assert "And ours." in both


def test_words_of_the_shipped_templates_can_be_replaced_one_by_one(planned: Write) -> None:
    words = """
        {% import "shipped/words.md.j2" as shipped %}
        {% set call_for, missing = shipped.call_for, shipped.missing %}
        {% set told, tongue = shipped.told, shipped.tongue %}
        {% macro place(site) %}Pilot of {{ site.name }}{% endmacro %}
        """
    root = planned(few({"templates/documents/words.md.j2": words}))
    assert "Pilot of Site 0" in preview(root, "playbook")


@pytest.mark.parametrize("document", [*DOCUMENTS, "index", "wave", "picture"])
def test_a_preview_is_what_render_writes_and_writes_nothing(planned: Write, document: str) -> None:
    root = planned(few({}))
    before = disk(root)
    (page,) = pipeline.preview(root, "s01", document=document).pages  # type: ignore[arg-type]  # one of those
    assert disk(root) == before
    pipeline.render(root, TODAY)
    assert (root / page.path).read_text(encoding="utf-8") == page.text


def test_a_preview_of_nobody(planned: Write) -> None:
    root = planned(few({}))
    with pytest.raises(RolloutError, match=r'there is no site "s0l".*did you mean'):
        pipeline.preview(root, "s0l")


def test_the_watch_shows_what_was_saved_and_what_is_wrong_with_it(planned: Write) -> None:
    root = planned(few({}))
    (root / OWN).parent.mkdir(parents=True)
    page = "# {} <!-- rollout:page:title -->\n"
    saves = iter(
        [
            (OWN, page.format("Ours: {{ site.name }}")),
            (OWN, page.format("Ours: {{ site.nam }}")),
            (OWN, page.format("Ours again: {{ site.name }}")),
            ("sites/s00.yaml", "name: Renamed\ncountry: FR\nsponsor: {name: A}\n"),
        ]
    )

    def wait() -> None:
        path, text = next(saves, (None, ""))
        if path is None:
            raise KeyboardInterrupt
        (root / path).write_text(text)

    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        for shown in pipeline.watch(root, "s00", None, "checklist", wait):
            seen.append(shown.pages[0].text.split("\n")[0] if isinstance(shown, Previewed) else str(shown))
    heads = [line.partition(" <!--")[0] for line in seen]
    assert heads[0] == "# Checklist: Site 0"
    assert heads[1] == "# Ours: Site 0"
    assert heads[2].startswith(f'{OWN}:1:17: template: there is nothing called "nam" here; did you mean "name"?')
    assert heads[3:] == ["# Ours again: Site 0", "# Ours again: Renamed"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.skipif(signal.getsignal(signal.SIGINT) == signal.SIG_IGN, reason="run in the background, which ignores it")
def test_the_watch_ends_with_130(planned: Write) -> None:
    root = planned(few({}))
    command = [sys.executable, "-m", "rollout", "render", "--preview", "s00", "--document", "checklist", "--watch"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline().startswith("# Checklist: Site 0")
        try:
            run.send_signal(signal.SIGINT)
            assert run.wait(20) == 130
        finally:
            run.kill()


def test_watch_and_document_need_a_site(planned: Write) -> None:
    for words, said in (
        (("--watch",), "--watch and --document need --preview SITE"),
        (("--document", "checklist"), "--watch and --document need --preview SITE"),
        (("--preview", "s00", "--check"), "--check and --preview exclude each other"),
    ):
        done = rollout("render", *words)
        assert done.returncode == 2
        assert said in done.stderr
