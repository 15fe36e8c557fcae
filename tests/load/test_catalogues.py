"""Which languages a programme has, in its folder and in a commit."""

from __future__ import annotations

from pathlib import Path

from rollout.load.catalogues import available
from rollout.load.revision import Revision
from rollout.load.workspace import Workspace
from rollout.problem import Problem

PATH = "templates/locales/pt_BR/LC_MESSAGES/documents.po"


def test_a_commit_has_the_languages_it_holds_whatever_lies_in_the_folder(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert available(Revision(Workspace(tmp_path), {PATH: b""}), problems)["pt-BR"] == (PATH,)
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).touch()
    assert available(Workspace(tmp_path), problems)["pt-BR"] == (PATH,)
    assert "pt-BR" not in available(Revision(Workspace(tmp_path), {}), problems)
    assert not problems
