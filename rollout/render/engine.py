"""One template engine a run and language: sandboxed, strict, and quick on the plain dicts that views are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, TypeVar

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rollout.model.language import ENGLISH
from rollout.model.layout import SHIPPED_TEMPLATE, TEMPLATES
from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.render.block import LooseTextError, seal
from rollout.render.compiled import Quick
from rollout.render.markdown import Markdown, clean, code, escape, mermaid, url
from rollout.render.names import unknown_names
from rollout.render.wording import Wording

_FOLDER = f"{TEMPLATES}/"
_PICTURE = ".svg.j2"
_MOST_KEPT = 300
_Kind = TypeVar("_Kind", bound=jinja2.Environment)

_GROWING = frozenset({"*", "**", "%"})
"""Operators that make much of little: a sandbox alone lets `'a' * 50000000` through."""
_LARGEST = 100_000
"""Characters, entries or bits that one of them may make."""
_WIDE = re.compile(r"%(\([^)]*\))?[-+ #0]*(\d{4,}|\*|\d*\.(\d{4,}|\*))")
"""A format that asks for thousands of characters, or for as many as a value says."""
_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
"""What templates ask of a loop; none of it leads anywhere."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with operators that cannot make anything large; they are not worked out in advance either."""

    intercepted_binops = _GROWING

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The value, unless it would be large. Raises SecurityError."""
        if _size(operator, left, right) > _LARGEST:
            msg = f"what `{operator}` would make here is too large"
            raise SecurityError(msg)
        return super().call_binop(context, operator, left, right)


def _size(operator: str, left: Any, right: Any) -> float:
    """Characters, entries or bits of what an operator makes, at most."""
    if operator == "%":
        return _LARGEST + 1 if isinstance(left, str | bytes) and _WIDE.search(str(left)) else 0
    if not isinstance(left, int | float) and isinstance(right, int):
        return len(left) * max(right, 0)
    if not isinstance(right, int | float) and isinstance(left, int):
        return len(right) * max(left, 0)
    if not (isinstance(left, int) and isinstance(right, int)):
        return 0
    return left.bit_length() * max(right, 0) if operator == "**" else left.bit_length() + right.bit_length()


class _Environment(_Sandbox):
    newstyle_gettext = True
    """Messages take their values by name and escape them (see Wording)."""

    code_generator_class = Quick
    markdown = Markdown
    escape: Callable[[str], str] = staticmethod(escape)
    """What becomes of a text that is no Markdown."""
    # Jinja puts macro and block results together with this: they are Markdown and must not be escaped twice.
    concat = staticmethod(lambda parts: Markdown("".join(parts)))

    folds = False
    """Whether messages without values are put into the code: quicker, and then it is the code of one language."""
    said: Mapping[int, Callable[..., Markdown]] = MappingProxyType({})
    """The functions that say messages, by identity; the environment keeps them, so no other has their number."""

    def call(self, context: Any, called: Any, /, *values: Any, **named: Any) -> Any:
        """Messages are most of what a template calls: they need none of the sandbox's questions."""
        if (say := self.said.get(id(called))) is not None:
            # Jinja hands these to every call, for functions that ask for the context.
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return say(*values, **named)
        return super().call(context, called, *values, **named)

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        """The template's tree. Pages in English, which need no catalogue, are as quick as without messages."""
        tree = super()._parse(source, name, filename)
        if self.folds:
            for output in tree.find_all(jinja2.nodes.Output):
                output.nodes = [_folded(node) for node in output.nodes]
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of a dict before anything else (views are dicts); whatever is no key goes through the sandbox."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if type(obj) is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class _Drawer(_Sandbox):
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


_PLAINLY = {
    MemoryError: "this takes more memory than a page may",
    RecursionError: "this nests too deep",
}


class _Said(str):
    """A sentence about a name, with the names there are."""

    name: str
    known: tuple[str, ...]

    def __new__(cls, said: str, name: str, known: tuple[str, ...] = ()) -> _Said:
        made = super().__new__(cls, said)
        made.name, made.known = name, known
        return made


def _folded(node: jinja2.nodes.Expr) -> jinja2.nodes.Expr:
    """A message without values as the text it is in English; anything else as it was."""
    if isinstance(node, jinja2.nodes.Call) and isinstance(node.node, jinja2.nodes.Name):
        arguments = node.args
        is_message = node.node.name in ("_", "gettext") and len(arguments) == 1 and not node.kwargs
        if is_message and isinstance(arguments[0], jinja2.nodes.Const) and isinstance(arguments[0].value, str):
            return jinja2.nodes.TemplateData(Wording().gettext(arguments[0].value), lineno=node.lineno)
    return node


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled before in this process: for all languages but English once, because messages are looked up.

    What is kept is found by the text of a template, so a template that was saved anew is another one.
    """

    _kept: ClassVar[dict[tuple[str, str, str], bytes]] = {}

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """The code of a template, where somebody needed it before."""
        if (kept := self._kept.get((self._kind, bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keeps the code of a template; of as many as a long watch may see."""
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[self._kind, bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_OPEN = '<!-- rollout:page:direction -->\n<div dir="rtl">\n<!-- /rollout:page:direction -->\n\n'
_CLOSE = "\n\n<!-- rollout:page:end -->\n</div>\n<!-- /rollout:page:end -->\n"


def own_templates(texts: Mapping[str, str]) -> list[str]:
    """Names of the templates that do not come with rollout, in their order."""
    theirs = (name for name in texts if not name.startswith(SHIPPED_TEMPLATE))
    return [name for name in theirs if texts.get(SHIPPED_TEMPLATE + name) != texts[name]]


class Press:
    """All templates of a run, compiled when first wanted. Raises RolloutError naming everything wrong in them.

    A template is known by its name, `checklist.md.j2`; the one that comes with rollout also by
    `shipped/checklist.md.j2`, so that an own file can extend the one it stands for.
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._texts = templates
        self._engines: dict[str, _Environment] = {}
        self._pictures = self._engine(_Drawer, finalize=_plain, autoescape=True, bytecode_cache=_Compiled("svg"))
        self._english = self._speaking(Wording())
        problems, own = [], own_templates(templates)
        for name in sorted(name for name in templates if not name.startswith(SHIPPED_TEMPLATE)):
            engine = self.engine_of(name)
            try:
                engine.get_template(name)
            except jinja2.TemplateSyntaxError as error:
                problems.append(self._problem(error.name or name, error.lineno, error.message or "cannot be read"))
            else:
                if name in own:
                    problems += self._unknown_names(engine, name)
        if problems:
            raise RolloutError(*problems)

    def engine_of(self, name: str) -> jinja2.Environment:
        """The engine a template is for: that of pages, here in English, or that of pictures."""
        return self._pictures if name.endswith(_PICTURE) else self._english

    def _unknown_names(self, engine: jinja2.Environment, name: str) -> list[Problem]:
        problems = []
        for unknown in unknown_names(engine, self._texts, name):
            where = "on this page" if unknown.on_page else "here"
            said = f'there is nothing called "{unknown.name}" {where}'
            hint = did_you_mean(unknown.name, unknown.known)
            problems.append(self._problem(unknown.template, unknown.line, said, hint, word=unknown.name))
        return problems

    def _engine(self, kind: type[_Kind], **settings: Any) -> _Kind:
        made = kind(
            loader=jinja2.FunctionLoader(self._load),
            undefined=_Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            **settings,
        )
        del made.filters["random"], made.globals["lipsum"]  # the same input has to give the same bytes
        return made

    def _speaking(self, wording: Wording) -> _Environment:
        """The engine of pages in a language, made when it is first wanted."""
        found = self._engines.get(wording.language)
        if found is None:
            found = self._engines[wording.language] = self._engine(
                _Environment,
                bytecode_cache=_Compiled(ENGLISH if wording.language == ENGLISH else "any"),
                finalize=wording.print,
                extensions=("jinja2.ext.i18n",),
            )
            found.filters |= {"code": code, "url": url, "mermaid": mermaid, "language": wording.language_name}
            found.filters |= {"all_of": wording.all_of, "any_of": wording.any_of}
            found.folds = wording.language == ENGLISH
            if wording.right_to_left:
                found.escape = wording.print
            one, counted = wording.gettext, wording.ngettext
            found.said = {id(one): one, id(counted): counted}
            found.globals |= {"_": one, "gettext": one, "ngettext": counted}
            found.globals["comma"] = wording.gettext(", ")
        return found

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._texts.get(name)
        # The file's name is what errors are traced back to.
        return None if text is None else (text, _FOLDER + name, lambda: True)

    def page(self, name: str, view: Mapping[str, Any], wording: Wording) -> str:
        """A page with its blocks sealed, holding nothing of a person. Raises RolloutError at the template's line."""
        text = self._made(self._speaking(wording), name, view)
        if wording.right_to_left:
            text = f"{_OPEN}{text}{_CLOSE}"
        try:
            return seal(text)
        except LooseTextError as error:
            raise RolloutError(self._loose(name, error)) from None

    def picture(self, name: str, view: Mapping[str, Any]) -> str:
        """A picture as the template makes it. Raises RolloutError at the template's line."""
        return self._made(self._pictures, name, view)

    def _made(self, engine: jinja2.Environment, name: str, view: Mapping[str, Any]) -> str:
        try:
            return engine.get_template(name).render(view)
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
            if file.startswith(_FOLDER):
                place = file.removeprefix(_FOLDER), trace.tb_lineno
            trace = trace.tb_next
        if isinstance(error, jinja2.TemplateSyntaxError):
            place = error.name or "", error.lineno
        if place is None:
            raise error
        said = error.args[0] if error.args else None
        if isinstance(said, _Said):
            hint = did_you_mean(said.name, said.known or view)
            raise RolloutError(self._problem(*place, said, hint, word=said.name)) from error
        plain = next((words for kind, words in _PLAINLY.items() if isinstance(error, kind)), str(error))
        raise RolloutError(self._problem(*place, plain or type(error).__name__)) from error

    def _problem(self, name: str, line: int, said: str, hint: str = "", word: str = "") -> Problem:
        """A problem in a template; its column is that of the word, or of the first thing on the line."""
        lines = self._texts.get(name, "").split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        found = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) if word else None
        column = found.start() if found else len(text) - len(text.lstrip()) if text.strip() else 0
        said = said.rstrip(".")
        if name in self._texts and name not in own_templates(self._texts):
            said += " (in the template that comes with rollout)"
        return Problem(path=_FOLDER + name, line=line, column=column + 1, code="template", message=said, hint=hint)


def _plain(value: object) -> object:
    """What a picture prints: one line of characters that XML can hold; it is escaped afterwards."""
    if value is None:
        msg = "there is nothing to print here; ask with `{% if … %}` first"
        raise TypeError(msg)
    return clean(value) if type(value) is str else value
