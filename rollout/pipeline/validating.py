"""Everything wrong with a programme, what is known of it, and what is said of each code."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.pipeline.loading import Loaded, alone, load, repository_of
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.rules import RulePage, RulePages
    from rollout.model.validated import KnownWritten, Validated


def validate(root: Path, as_of: date) -> Validated:
    """Everything wrong with the files, and everything the rules find; what is known of it apart."""
    from rollout.check.known import sift
    from rollout.model.validated import Validated

    loaded = load(root)
    sifted = sift(loaded.programme.known, _everything(loaded, as_of), as_of)
    sites = len(loaded.programme.sites) + len(loaded.programme.broken_sites)
    return Validated(sifted.open, sites, sifted.known, sifted.gone)


def write_known(
    root: Path, as_of: date, until: date | None = None, because: str | None = None, *, dry_run: bool = False
) -> KnownWritten:
    """Makes everything known that is found now and can be, and drops what is gone; `waves/_known.yaml` is written.

    `until` and `because` are for what is new, and for what has none or is past its day. A file that git could not
    merge is read with both of its sides. Raises RolloutError where it is broken otherwise.
    """
    from rollout.check.known import all_known, can_be_known
    from rollout.commit.write import write
    from rollout.load.known import change_known, read_known
    from rollout.model.layout import KNOWN
    from rollout.model.validated import KnownWritten

    with alone(root, dry_run=dry_run):
        loaded = load(root)
        before = read_known(loaded.workspace)
        found = [problem for problem in _everything(loaded, as_of) if problem.path != KNOWN]
        after = all_known(before, found, until, because)
        change = change_known(loaded.workspace, after)
        if not dry_run and not change.is_empty:
            write(loaded.workspace.root, [change])
    left = tuple(problem for problem in found if not can_be_known(problem))
    return KnownWritten(before=before, after=after, change=change, left=left)


def rules() -> RulePages:
    """The pages of all codes."""
    from rollout.check.reference import rule_pages

    return rule_pages()


def rule(code: str) -> RulePage:
    """The page of one code. Raises RolloutError where there is none."""
    pages = rules()
    page = pages.find(code)
    if page is None:
        hint = did_you_mean(code, [page.code for page in pages.pages]) or "`rollout rules` lists them"
        raise RolloutError(Problem(path="", code="no-rule", message=f'nothing has the code "{code}"', hint=hint))
    return page


def folder_in_repository(root: Path) -> str:
    """The programme's folder below the top of its repository; empty where it is the top, or in no repository."""
    repository = repository_of(root)
    return repository.prefix if repository else ""


def _everything(loaded: Loaded, as_of: date) -> tuple[Problem, ...]:
    from rollout.check import check_pages, check_programme
    from rollout.load.templates import load_templates, named_items

    found = [*loaded.problems, *check_programme(loaded.programme, as_of)]
    try:
        found += check_pages(loaded.programme, named_items(load_templates(loaded.workspace)))
    except RolloutError as error:
        found += error.problems
    return loaded.placed(found)
