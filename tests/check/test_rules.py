"""Every code that is said has a page, every page a code that is said, and the snippets do what they say."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rollout import pipeline
from rollout.check import PAGE_RULES, RULES
from rollout.check.reference import BOTH, ERRORS, SOFT, rule_pages
from tests.conftest import golden

PACKAGE = Path(__file__).parents[2] / "rollout"
PAGE = Path(__file__).parents[2] / "docs/reference/rules.md"


def sources() -> dict[str, ast.Module]:
    return {str(p.relative_to(PACKAGE)): ast.parse(p.read_text(encoding="utf-8")) for p in PACKAGE.rglob("*.py")}


def coded(trees: dict[str, ast.Module]) -> dict[str, set[tuple[str, int, str | None]]]:
    """Functions that take a code: their file ("" where everybody calls them, "page" of a page), position and default."""
    found: dict[str, set[tuple[str, int, str | None]]] = defaultdict(set)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args) if argument.arg != "self"]
            kinds = {a.arg: ast.unparse(a.annotation) for a in node.args.args if a.annotation}
            if kinds.get("code") != "str":
                continue
            last = dict(zip(names[::-1], node.args.defaults[::-1], strict=False)).get("code")
            default = last.value if isinstance(last, ast.Constant) else None
            where = {"problem.py": "", "model/source.py": "", "check/rule.py": "page"}.get(file, file)
            found[node.name].add((where, names.index("code"), default))
    return found


def texts(node: ast.expr | None, tree: ast.Module) -> Iterator[str]:
    """What an expression may be: constants, either side of a condition, names by what they are set to, forms by pages."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*texts(node.body, tree), *texts(node.orelse, tree))
    elif isinstance(node, ast.JoinedStr):
        form = "".join(part.value if isinstance(part, ast.Constant) else ".+" for part in node.values)
        yield from (page.code for page in rule_pages().pages if re.fullmatch(form, page.code))
    elif isinstance(node, ast.Name):
        for one in ast.walk(tree):
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets):
                yield from texts(one.value, tree)


def said() -> dict[str, set[tuple[str, str]]]:
    """Every code in the source, with the files and functions that say it."""
    trees = sources()
    functions = coded(trees)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            of_page = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "page"
            for where, position, default in functions.get(name, ()):
                if where not in ("page" if of_page else "", file):
                    continue
                if position < len(node.args):
                    given.append(node.args[position])
                elif default and not given:
                    found[default].add((file, name))
            for expression in given:
                for code in texts(expression, tree):
                    found[code].add((file, name))
    return found


SAID = said()


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    codes = {page.code for page in rule_pages().pages}
    assert {code: where for code, where in SAID.items() if code not in codes} == {}
    assert codes - SAID.keys() == set()
    assert len(codes) == len(rule_pages().pages), "a code has one page"


def test_severities_are_those_of_the_source() -> None:
    """What a rule calls is what its page says: `.problem` for errors, `.warning` for warnings."""
    for page in rule_pages().pages:
        ways = {name for file, name in SAID[page.code] if file.startswith("check/")}
        if page.kind != "finding" or not ways:
            continue
        wanted = {"error"} & {"error" for way in ways if way == "problem"} | {way for way in ways if way == "warning"}
        assert set(page.severities) == (wanted or {"warning"}), page.code
    assert SOFT <= ERRORS | BOTH
    assert not ERRORS & BOTH


def test_a_rule_is_found_by_its_code() -> None:
    for rule in (*RULES, *PAGE_RULES):
        module = sys.modules[rule.__module__]
        assert module.__name__ == f"rollout.check.{module.CODE.replace('-', '_')}"


def test_the_reference_is_made_from_the_pages() -> None:
    made = pipeline.rules().reference()
    golden(PAGE, made)
