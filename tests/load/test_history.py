"""Who ticked what and when, and when a site was last worked at: real repositories."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from rollout.load.history import checklist_paths, touches, worked_on
from rollout.model.boxes import Touch
from rollout.model.site import Site
from rollout.repository import Repository

PAGE = "playbooks/v/lyon/checklist.md"


class History:
    """A repository in which everybody commits under their own name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str, who: str = "Test", on: str = "2026-10-05") -> str:
        at = on if "T" in on else f"{on}T12:00:00Z"
        env = {
            "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": f"{who.split(maxsplit=1)[0].lower()}@example.com",
            "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at,
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": "c@example.com",
            "HOME": str(self.root.parent), "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": "/usr/bin:/bin:/usr/local/bin",
        }  # fmt: skip
        return subprocess.run(
            ["git", *words], cwd=self.root, env=env, check=True, capture_output=True, text=True
        ).stdout

    def write(self, text: str, who: str, on: str, path: str = PAGE, said: str = "Work") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        self.git("add", "-A", who=who)
        self.git("commit", "--quiet", "-m", said, who=who, on=on)

    def touches(self, *formerly: str) -> dict[str, Touch]:
        site = Site(id="lyon", name="Lyon", country="FR", formerly=formerly)
        return dict(touches(Repository.find(self.root), checklist_paths("v", (site.id, *site.formerly))))


@pytest.fixture
def history(tmp_path: Path) -> History:
    root = tmp_path / "r"
    root.mkdir()
    return History(root)


def page(**boxes: str) -> str:
    lines = [f"- [{tick}] Do {name}, by Monday <!-- rollout:{name} 0123abcd -->" for name, tick in boxes.items()]
    return "# Checklist\n\n" + "\n".join(lines) + "\n"


def test_a_tick_is_of_whoever_changed_the_box(history: History) -> None:
    history.write(page(survey=" ", order=" "), "Publisher", "2026-10-01")
    history.write(page(survey="x", order=" "), "Ana Ruiz", "2026-10-12")
    history.write(page(survey="x", order="X"), "Olaf Brandt", "2026-10-20")
    assert history.touches() == {
        "survey": Touch("Ana Ruiz", date(2026, 10, 12), is_ticked=True),
        "order": Touch("Olaf Brandt", date(2026, 10, 20), is_ticked=True),
    }


def test_new_words_a_new_place_and_a_new_name_keep_the_author(history: History) -> None:
    history.write(page(survey=" ", order=" "), "Publisher", "2026-10-01", "playbooks/v/lyon-sud/checklist.md")
    history.write(page(survey="x", order=" "), "Ana Ruiz", "2026-10-12", "playbooks/v/lyon-sud/checklist.md")
    (history.root / "playbooks/v/lyon-sud/checklist.md").unlink()
    history.write(page(order=" ", survey="x").replace("Monday", "Friday"), "Publisher", "2026-11-01")
    assert history.touches("lyon-sud") == {"survey": Touch("Ana Ruiz", date(2026, 10, 12), is_ticked=True)}


def test_the_last_change_counts_and_a_tick_taken_away_is_one(history: History) -> None:
    history.write(page(survey="x"), "Ana Ruiz", "2026-10-12")
    history.write(page(survey=" "), "Claire Dubois", "2026-10-13")
    assert history.touches() == {"survey": Touch("Claire Dubois", date(2026, 10, 13), is_ticked=False)}
    history.write(page(survey="x").replace("\n", "\r\n"), "Ana Ruiz", "2026-10-14")
    assert history.touches()["survey"].on == date(2026, 10, 14)


def test_a_tick_on_a_branch_keeps_its_author_through_a_merge(history: History) -> None:
    history.write(page(survey=" ", order=" "), "Publisher", "2026-10-01")
    history.git("checkout", "--quiet", "-b", "site")
    history.write(page(survey=" ", order="x"), "Olaf Brandt", "2026-10-10")
    history.git("checkout", "--quiet", "main")
    history.write(
        page(survey=" ", order=" ").replace("# Checklist", "# Checklist\n\nA note"), "Claire Dubois", "2026-10-11"
    )
    history.git("merge", "--quiet", "--no-edit", "site", who="Publisher", on="2026-10-12")
    assert history.touches() == {"order": Touch("Olaf Brandt", date(2026, 10, 10), is_ticked=True)}


def test_names_come_through_the_mailmap(history: History) -> None:
    history.write(page(survey="x"), "ana", "2026-10-12")
    history.write("Ana Ruiz <a.ruiz@example.com> <ana@example.com>\n", "ana", "2026-10-13", ".mailmap")
    assert history.touches()["survey"].by == "Ana Ruiz"


def test_nothing_committed_is_nothing_known(history: History) -> None:
    assert history.touches() == {}
    assert worked_on(history.root, "v", date(2026, 11, 1), 14) == {}


def test_work_in_pages_and_records_is_a_word_and_a_publication_is_none(history: History) -> None:
    history.write(page(survey=" "), "Ana Ruiz", "2026-10-01", "playbooks/v/oslo/checklist.md")
    history.write(
        page(survey=" "), "Publisher", "2026-10-20", said="Publish v\n\nRollout-Plan: v\nRollout-As-Of: 2026-10-20"
    )
    history.write(page(survey="x"), "Ana Ruiz", "2026-10-22")
    history.write("[]\n", "Rui", "2026-10-25", "waves/v/records/porto.yaml")
    history.write("text", "Ana Ruiz", "2026-10-26", "playbooks/other/linz/checklist.md")
    found = worked_on(history.root, "v", date(2026, 10, 30), 14)
    assert found == {"lyon": date(2026, 10, 22), "porto": date(2026, 10, 25)}
    assert worked_on(history.root, "v", date(2026, 10, 24), 14) == {"lyon": date(2026, 10, 22)}


def test_work_that_was_rebased_lately_is_as_old_as_it_is(history: History) -> None:
    history.write(page(survey="x"), "Ana Ruiz", "2026-09-01")
    history.git("commit", "--quiet", "--amend", "--no-edit", "--date", "2026-09-01T12:00:00Z", on="2026-10-28")
    assert worked_on(history.root, "v", date(2026, 10, 30), 14) == {}


def test_the_first_of_the_days_counts_where_it_begins_first(history: History) -> None:
    history.write(page(survey="x"), "Aroha", "2026-10-16T00:30:00+14:00")
    assert worked_on(history.root, "v", date(2026, 10, 30), 14) == {"lyon": date(2026, 10, 16)}


def test_a_history_that_was_cut_off_tells_nothing_of_work(history: History) -> None:
    history.write(page(survey=" "), "Publisher", "2026-10-01")
    history.write(page(survey="x"), "Ana Ruiz", "2026-10-22")
    clone = history.root.parent / "clone"
    history.git("clone", "--quiet", "--depth", "1", f"file://{history.root}", str(clone))
    assert worked_on(clone, "v", date(2026, 10, 30), 14) == {}
