"""One template engine a run: sandboxed, strict, and quick on the plain dicts that views are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.render.block import LooseTextError, seal
from rollout.render.compiled import Quick
from rollout.render.markdown import Markdown, code, escape, finalize, mermaid, url

FOLDER = "templates/documents/"

View = dict[str, Any]
"""What a template receives: plain dicts, lists and texts under the names a site lead would use."""

_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
"""What templates ask of a loop; none of it leads anywhere."""


class _Environment(ImmutableSandboxedEnvironment):
    code_generator_class = Quick
    markdown = Markdown
    escape = staticmethod(escape)
    # Jinja puts macro and block results together with this: they are Markdown and must not be escaped twice.
    concat = staticmethod(lambda parts: Markdown("".join(parts)))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of a dict before anything else (views are dicts); whatever is no key goes through the sandbox."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if type(obj) is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class Press:
    """All templates of a run, compiled once. Raises RolloutError when one of them is wrong."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._texts = templates
        self._environment = _Environment(
            loader=jinja2.FunctionLoader(self._load),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            finalize=finalize,
        )
        self._environment.filters |= {"code": code, "url": url, "mermaid": mermaid}
        problems = []
        for name in sorted(templates):
            try:
                self._environment.get_template(name)
            except jinja2.TemplateSyntaxError as error:
                problems.append(_problem(error.name or name, error.lineno, error.message or "cannot be read"))
        if problems:
            raise RolloutError(*problems)

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._texts.get(name)
        # The file's name is what errors are traced back to.
        return None if text is None else (text, FOLDER + name, lambda: True)

    def page(self, name: str, view: View) -> str:
        """A page with its blocks sealed, holding nothing of a person. Raises RolloutError at the template's line."""
        try:
            text = self._environment.get_template(name).render(view)
        except jinja2.TemplateNotFound as error:
            hint = did_you_mean(str(error.name or ""), self._texts)
            raise RolloutError(_problem(name, 1, f'there is no template "{error.name}"', hint)) from None
        except Exception as error:
            _refuse(error)
        try:
            return seal(text)
        except LooseTextError as error:
            raise RolloutError(self._loose(name, error)) from None

    def _loose(self, name: str, error: LooseTextError) -> Problem:
        """Finds the template line that loose text came from, as well as plain words let it be found."""
        hint = "put it between <!-- rollout:NAME --> and <!-- /rollout:NAME -->, or end its line with the first"
        wanted = error.line.strip()
        for template in (name, *sorted(self._texts)):
            for number, line in enumerate(self._texts[template].split("\n"), 1):
                if wanted and wanted in line:
                    return _problem(template, number, f'"{wanted[:60]}": {error}', hint)
        return _problem(name, 1, f'"{wanted[:60]}": {error}', hint)


def _refuse(error: Exception) -> NoReturn:
    """Re-raises what went wrong in a template as a problem at its line; anything else is ours and stays."""
    place = None
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(FOLDER):
            place = file.removeprefix(FOLDER), trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, jinja2.TemplateSyntaxError):
        place = error.name or "", error.lineno
    if place is None:
        raise error
    said = str(error) or type(error).__name__
    if isinstance(error, jinja2.UndefinedError):
        said = said.replace("'dict object' has no attribute ", "there is nothing called ")
    raise RolloutError(_problem(*place, said)) from error


def _problem(name: str, line: int, said: str, hint: str = "") -> Problem:
    said = said.rstrip(".")
    return Problem(path=FOLDER + name, line=line, column=1, code="template", message=said, hint=hint)
