"""One template engine a run and language: sandboxed, strict, and quick on the plain dicts that views are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rollout.model.language import ENGLISH
from rollout.problem import Problem, RolloutError, did_you_mean
from rollout.render.block import LooseTextError, seal
from rollout.render.markdown import Markdown, code, mermaid, url
from rollout.render.wording import Wording

FOLDER = "templates/documents/"

View = dict[str, Any]
"""What a template receives: plain dicts, lists and texts under the names a site lead would use."""


class _Environment(ImmutableSandboxedEnvironment):
    newstyle_gettext = True
    """Messages take their values by name and escape them (see Wording)."""

    # Jinja puts macro and block results together with this: they are Markdown and must not be escaped twice.
    concat = staticmethod(lambda parts: Markdown("".join(parts)))

    folds = False
    """Whether messages without values are put into the code: quicker, and then it is the code of one language."""
    said: Mapping[int, Callable[..., Markdown]]
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
        return super().getattr(obj, attribute)


def _folded(node: jinja2.nodes.Expr) -> jinja2.nodes.Expr:
    """A message without values as the text it is in English; anything else as it was."""
    if isinstance(node, jinja2.nodes.Call) and isinstance(node.node, jinja2.nodes.Name):
        arguments = node.args
        is_message = node.node.name in ("_", "gettext") and len(arguments) == 1 and not node.kwargs
        if is_message and isinstance(arguments[0], jinja2.nodes.Const) and isinstance(arguments[0].value, str):
            return jinja2.nodes.TemplateData(Wording().gettext(arguments[0].value), lineno=node.lineno)
    return node


class _Compiled(jinja2.BytecodeCache):
    """The templates of a run, compiled once for all languages but English: messages are looked up."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """The code of a template, where another language needed it before."""
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keeps the code of a template."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_OPEN = '<!-- rollout:page:direction -->\n<div dir="rtl">\n<!-- /rollout:page:direction -->\n\n'
_CLOSE = "\n\n<!-- rollout:page:end -->\n</div>\n<!-- /rollout:page:end -->\n"


class Press:
    """All templates of a run, compiled when they are first wanted. Raises RolloutError when one of them is wrong."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._texts = templates
        self._environments: dict[str, _Environment] = {}
        self._compiled = _Compiled()
        english = self._environment(Wording())
        problems = []
        for name in sorted(templates):
            try:
                english.get_template(name)
            except jinja2.TemplateSyntaxError as error:
                problems.append(_problem(error.name or name, error.lineno, error.message or "cannot be read"))
        if problems:
            raise RolloutError(*problems)

    def _environment(self, wording: Wording) -> _Environment:
        """The engine of a language, made when it is first wanted."""
        found = self._environments.get(wording.language)
        if found is None:
            found = self._environments[wording.language] = _Environment(
                loader=jinja2.FunctionLoader(self._load),
                undefined=jinja2.StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                auto_reload=False,
                cache_size=-1,
                bytecode_cache=None if wording.language == ENGLISH else self._compiled,
                finalize=wording.print,
                extensions=("jinja2.ext.i18n",),
            )
            found.filters |= {"code": code, "url": url, "mermaid": mermaid, "language": wording.language_name}
            found.filters |= {"all_of": wording.all_of, "any_of": wording.any_of}
            found.folds = wording.language == ENGLISH
            one, counted = wording.gettext, wording.ngettext
            found.said = {id(one): one, id(counted): counted}
            found.globals |= {"_": one, "gettext": one, "ngettext": counted}
            found.globals["comma"] = wording.gettext(", ")
        return found

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._texts.get(name)
        # The file's name is what errors are traced back to.
        return None if text is None else (text, FOLDER + name, lambda: True)

    def page(self, name: str, view: View, wording: Wording) -> str:
        """A page with its blocks sealed, holding nothing of a person. Raises RolloutError at the template's line."""
        try:
            text = self._environment(wording).get_template(name).render(view)
        except jinja2.TemplateNotFound as error:
            hint = did_you_mean(str(error.name or ""), self._texts)
            raise RolloutError(_problem(name, 1, f'there is no template "{error.name}"', hint)) from None
        except Exception as error:
            _refuse(error)
        if wording.right_to_left:
            text = f"{_OPEN}{text}{_CLOSE}"
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
