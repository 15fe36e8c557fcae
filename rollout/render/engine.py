"""One template engine a run: sandboxed, strict, and quick on the plain dicts that views are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.render.block import LooseTextError, seal
from rollout.render.markdown import Markdown, clean, code, finalize, mermaid, url
from rollout.render.names import unknown_names

FOLDER = "templates/documents/"
SHIPPED = "shipped/"
"""Before the name of a template: the one that comes with rollout, whatever stands in its place."""

View = dict[str, Any]
"""What a template receives: plain dicts, lists and texts under the names a site lead would use."""


class _Environment(ImmutableSandboxedEnvironment):
    # Jinja puts macro and block results together with this: they are Markdown and must not be escaped twice.
    concat = staticmethod(lambda parts: Markdown("".join(parts)))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of a dict before anything else (views are dicts); whatever is no key goes through the sandbox."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Drawer(ImmutableSandboxedEnvironment):
    """The engine for pictures: XML, so values are escaped for that and not as Markdown."""

    getattr = _Environment.getattr


class _Undefined(jinja2.StrictUndefined):
    """A name that is not there, which knows what there is instead."""

    @property
    def _undefined_message(self) -> str:
        name, there = self._undefined_name, self._undefined_obj
        if isinstance(there, dict):
            return _Said(f'there is nothing called "{name}" here', str(name), tuple(map(str, there)))
        if there is jinja2.utils.missing:
            return _Said(f'there is nothing called "{name}" on this page', str(name))
        return _Said(super()._undefined_message, str(name))


class _Said(str):
    """A sentence about a name, with the names there are."""

    name: str
    known: tuple[str, ...]

    def __new__(cls, said: str, name: str, known: tuple[str, ...] = ()) -> _Said:
        made = super().__new__(cls, said)
        made.name, made.known = name, known
        return made


class Press:
    """All templates of a run, compiled once. Raises RolloutError naming everything that is wrong in them.

    A template is known by its name, `checklist.md.j2`; the one that comes with rollout also by
    `shipped/checklist.md.j2`, so that an own file can extend the one it stands for.
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._texts = templates
        self._pages = self._engine(_Environment, finalize=finalize)
        self._pages.filters |= {"code": code, "url": url, "mermaid": mermaid}
        self._pictures = self._engine(_Drawer, finalize=_plain, autoescape=True)
        problems = []
        for name in sorted(name for name in templates if not name.startswith(SHIPPED)):
            try:
                self.engine_of(name).get_template(name)
            except jinja2.TemplateSyntaxError as error:
                problems.append(self._problem(error.name or name, error.lineno, error.message or "cannot be read"))
            else:
                if not self._is_shipped(name):
                    problems += self._unknown_names(name)
        if problems:
            raise RolloutError(*problems)

    def _unknown_names(self, name: str) -> list[Problem]:
        problems = []
        for unknown in unknown_names(self.engine_of(name), self._texts, name):
            where = "on this page" if unknown.on_page else "here"
            said = f'there is nothing called "{unknown.name}" {where}'
            hint = did_you_mean(unknown.name, unknown.known)
            problems.append(self._problem(unknown.template, unknown.line, said, hint, word=unknown.name))
        return problems

    def _is_shipped(self, name: str) -> bool:
        return name.startswith(SHIPPED) or (
            SHIPPED + name in self._texts and self._texts[name] == self._texts[SHIPPED + name]
        )

    def _engine(self, kind: type[jinja2.Environment], **settings: Any) -> jinja2.Environment:
        return kind(
            loader=jinja2.FunctionLoader(self._load),
            undefined=_Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            **settings,
        )

    def engine_of(self, name: str) -> jinja2.Environment:
        """The engine a template is for: that of pages, or that of pictures."""
        return self._pictures if name.endswith(".svg.j2") else self._pages

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._texts.get(name)
        # The file's name is what errors are traced back to.
        return None if text is None else (text, FOLDER + name, lambda: True)

    def page(self, name: str, view: Mapping[str, Any]) -> str:
        """A page with its blocks sealed, holding nothing of a person. Raises RolloutError at the template's line."""
        text = self.picture(name, view)
        try:
            return seal(text)
        except LooseTextError as error:
            raise RolloutError(self._loose(name, error)) from None

    def picture(self, name: str, view: Mapping[str, Any]) -> str:
        """What a template makes, as it is. Raises RolloutError at the template's line."""
        try:
            return self.engine_of(name).get_template(name).render(view)
        except jinja2.TemplateNotFound as error:
            hint = did_you_mean(str(error.name or ""), self._texts)
            raise RolloutError(self._problem(name, 1, f'there is no template "{error.name}"', hint)) from None
        except Exception as error:
            self._refuse(error, view)

    def _loose(self, name: str, error: LooseTextError) -> Problem:
        """Finds the template line that loose text came from, as well as plain words let it be found."""
        hint = "put it between <!-- rollout:NAME --> and <!-- /rollout:NAME -->, or end its line with the first"
        wanted = error.line.strip()
        for template in (name, *sorted(self._texts)):
            for number, line in enumerate(self._texts[template].split("\n"), 1):
                if wanted and wanted in line:
                    return self._problem(template, number, f'"{wanted[:60]}": {error}', hint, word=wanted)
        return self._problem(name, 1, f'"{wanted[:60]}": {error}', hint)

    def _refuse(self, error: Exception, view: Mapping[str, Any]) -> NoReturn:
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
        said = error.args[0] if error.args else None
        if isinstance(said, _Said):
            hint = did_you_mean(said.name, said.known or view)
            raise RolloutError(self._problem(*place, said, hint, word=said.name)) from error
        raise RolloutError(self._problem(*place, str(error) or type(error).__name__)) from error

    def _problem(self, name: str, line: int, said: str, hint: str = "", word: str = "") -> Problem:
        """A problem in a template; its column is that of the word, or of the first thing on the line."""
        lines = self._texts.get(name, "").split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) if word else None
        column = found.start() if found else len(text) - len(text.lstrip()) if text.strip() else 0
        said = said.rstrip(".")
        if name in self._texts and self._is_shipped(name):
            said += " (in the template that comes with rollout)"
        return Problem(path=FOLDER + name, line=line, column=column + 1, code="template", message=said, hint=hint)


def _plain(value: object) -> object:
    """What a picture prints: one line of characters that XML can hold; it is escaped afterwards."""
    if value is None:
        msg = "there is nothing to print here; ask with `{% if … %}` first"
        raise TypeError(msg)
    return clean(value) if type(value) is str else value
