"""JUnit XML, which every CI server shows: a suite a rule, and in it a case a finding."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree import ElementTree as ET

from rollout.cli.findings.words import place, sentence, shortened
from rollout.model.harmless import clean
from rollout.model.rules import RulePages
from rollout.model.validated import Validated
from rollout.problem import Problem

_IMPOSSIBLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, not even escaped."""


def junit(found: Validated, prefix: str, pages: RulePages, strict: bool) -> str:
    """The document. A rule that found nothing is a case that passes, so that no suite is ever empty.

    Errors are failures, warnings are skipped with their message; where `strict`, warnings are failures too, as they
    are for the exit code.
    """
    by_code: defaultdict[str, list[Problem]] = defaultdict(list)
    for page in pages.pages:
        if page.kind == "finding":
            by_code[page.code] = []
    for problem in found.problems:
        by_code[problem.code].append(problem)
    root = ET.Element("testsuites", name="rollout validate")
    for code, problems in sorted(by_code.items()):
        suite = ET.SubElement(root, "testsuite", name=code)
        if not problems:
            ET.SubElement(suite, "testcase", classname=code, name="nothing found", time="0")
        for number, problem in enumerate(problems, 1):
            _case(suite, problem, number, prefix, strict)
        _count(suite, suite)
    _count(root, root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, problem: Problem, number: int, prefix: str, strict: bool) -> None:
    path = _possible(place(problem, prefix))
    where = f"{path}:{problem.line}:{problem.column}" if problem.line else path
    case = ET.SubElement(suite, "testcase", classname=problem.code, name=f"{where} ({number})", file=path, time="0")
    if problem.line:
        case.set("line", str(problem.line))
    fails = strict or problem.severity == "error"
    said = _possible(sentence(problem))
    inner = ET.SubElement(case, "failure" if fails else "skipped", message=shortened(said.replace("\n", " "), 500))
    if fails:
        inner.set("type", problem.severity)
    inner.text = f"{where}: {problem.code}: {said}"


def _count(element: ET.Element, within: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in within.iter(tag))))
    element.set("errors", "0")
    element.set("time", "0")


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", clean(text))
