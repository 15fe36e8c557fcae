"""Names in a template that no page has: found before anything is rendered, in every branch, all at once.

Jinja finds an undefined name only when it gets there, so a slip in a branch for one site of fifty would come to light
at that site. Views are typed, so names can be followed through loops, `set`, conditions and blocks instead. What
cannot be followed (results of filters and macros, files that are included) is left to the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from jinja2 import Environment, TemplateError, nodes

from rollout.model.layout import SHIPPED_TEMPLATE
from rollout.render.received import VIEWS

Scope = dict[str, Any]
"""Names and their types; None for one that is not known."""
_SAME_ENTRIES = ("list", "sort", "reverse", "unique", "selectattr", "rejectattr", "select", "reject")
_FIRST_ENTRY = ("first", "last", "min", "max")
_ALWAYS_THERE = ("self", "super", "loop", "caller", "varargs", "kwargs")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that is not there."""

    template: str
    line: int
    name: str
    known: tuple[str, ...]
    """The names there are, for a guess at what was meant."""
    on_page: bool
    """Whether it was asked of the page itself rather than of something on it."""


def unknown_names(environment: Environment, texts: Mapping[str, str], name: str) -> list[Unknown]:
    """Every name in a template that will not be there; none for a template whose view is not known.

    Expects templates that can be parsed.
    """
    view = VIEWS.get(name.removeprefix(SHIPPED_TEMPLATE))
    if view is None:
        return []
    parents = [name]
    trees: list[nodes.Template] = []
    while True:
        try:
            tree = environment.parse(texts[parents[-1]], parents[-1], parents[-1])
        except (KeyError, TemplateError):
            return []
        trees.append(tree)
        extends = tree.find(nodes.Extends)
        if extends is None:
            break
        if not isinstance(extends.template, nodes.Const) or extends.template.value in parents:
            return []
        parents.append(extends.template.value)
    blocks: dict[str, Scope] = {}
    top = {**dict.fromkeys(environment.globals), **dict.fromkeys(_ALWAYS_THERE), **keys_of(view)}
    # From the farthest parent on: a block of an own file stands where the parent's does, and sees what that sees.
    for template, tree in zip(reversed(parents), reversed(trees), strict=True):
        reader = _Reader(template, blocks, [top])
        reader.body(tree.body)
    return reader.found  # of the template itself, which comes last


def keys_of(view: type) -> dict[str, Any]:
    """Keys of a view and their types, `None` taken out of them."""
    return {key: _present(kind) for key, kind in get_type_hints(view).items()}


def _present(kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        rest = [one for one in get_args(kind) if one is not type(None)]
        return rest[0] if len(rest) == 1 else None
    return kind


@dataclass
class _Reader:
    """Walks one template with the names that are known where it stands."""

    template: str
    blocks: dict[str, Scope]
    """What is known in each block of the parents; added to on the way."""
    scopes: list[Scope]
    found: list[Unknown] = field(default_factory=list)

    def body(self, body: list[nodes.Node]) -> None:
        for node in body:
            self.read(node)

    def read(self, node: nodes.Node) -> Any:
        """Visits a node; the type of what it stands for, where that is known."""
        method = getattr(self, "_" + type(node).__name__.lower(), None)
        if method is not None:
            return method(node)
        for child in node.iter_child_nodes():
            self.read(child)
        return None

    def _name(self, node: nodes.Name) -> Any:
        for scope in reversed(self.scopes):
            if node.name in scope:
                return scope[node.name]
        known = tuple(dict.fromkeys(name for scope in self.scopes for name in scope))
        self.found.append(Unknown(self.template, node.lineno, node.name, known, on_page=True))
        return None

    def _getattr(self, node: nodes.Getattr) -> Any:
        return self._entry(self.read(node.node), node.attr, node.lineno)

    def _getitem(self, node: nodes.Getitem) -> Any:
        kind = self.read(node.node)
        self.read(node.arg)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._entry(kind, node.arg.value, node.lineno)
        return _entry_type(kind) if isinstance(node.arg, nodes.Const) else None

    def _entry(self, kind: Any, key: str, line: int) -> Any:
        if not is_typeddict(kind):
            return None
        keys = keys_of(kind)
        if key not in keys and not hasattr(dict, key):
            self.found.append(Unknown(self.template, line, key, tuple(keys), on_page=False))
        return keys.get(key)

    def _filter(self, node: nodes.Filter) -> Any:
        if node.name in ("default", "d"):
            return None
        kind = self.read(node.node) if node.node else None
        for child in (*node.args, *node.kwargs):
            self.read(child)
        if node.name in _SAME_ENTRIES:
            return kind
        return _entry_type(kind) if node.name in _FIRST_ENTRY else None

    def _test(self, node: nodes.Test) -> None:
        if node.name not in ("defined", "undefined"):
            for child in node.iter_child_nodes():
                self.read(child)

    def _condexpr(self, node: nodes.CondExpr) -> Any:
        self.read(node.test)
        if node.expr2 is not None:
            self.read(node.expr2)
        return self.read(node.expr1)

    def _for(self, node: nodes.For) -> None:
        entry = _entry_type(self.read(node.iter))
        with_entry: Scope = dict.fromkeys(_targets(node.target))
        if isinstance(node.target, nodes.Name):
            with_entry[node.target.name] = entry
        self.scopes.append(with_entry)
        if node.test is not None:
            self.read(node.test)
        self.body(node.body)
        self.scopes.pop()
        self.body(node.else_)

    def _assign(self, node: nodes.Assign) -> None:
        kind = self.read(node.node)
        for name in _targets(node.target):
            self.scopes[-1][name] = kind if isinstance(node.target, nodes.Name) else None

    def _assignblock(self, node: nodes.AssignBlock) -> None:
        self.scopes[-1].update(dict.fromkeys(_targets(node.target)))
        self._inside(node.body, {})

    def _with(self, node: nodes.With) -> None:
        scope: Scope = {}
        for target, value in zip(node.targets, node.values, strict=True):
            kind = self.read(value)
            scope |= dict.fromkeys(_targets(target), kind if isinstance(target, nodes.Name) else None)
        self._inside(node.body, scope)

    def _macro(self, node: nodes.Macro) -> None:
        self.scopes[-1][node.name] = None
        for default in node.defaults:
            self.read(default)
        self._inside(node.body, dict.fromkeys(arg.name for arg in node.args))

    def _callblock(self, node: nodes.CallBlock) -> None:
        self.read(node.call)
        self._inside(node.body, dict.fromkeys(arg.name for arg in node.args))

    def _import(self, node: nodes.Import) -> None:
        self.scopes[0][node.target] = None

    def _fromimport(self, node: nodes.FromImport) -> None:
        self.scopes[0].update(dict.fromkeys(name[1] if isinstance(name, tuple) else name for name in node.names))

    def _block(self, node: nodes.Block) -> None:
        around = self.scopes if node.scoped else self.scopes[:1]
        mine: Scope = {name: kind for scope in around for name, kind in scope.items()}
        seen = self.blocks.get(node.name, {}) | mine
        self.blocks[node.name] = seen
        outside, self.scopes = self.scopes, [seen]
        self.body(node.body)
        self.scopes = outside

    def _inside(self, body: list[nodes.Node], scope: Scope) -> None:
        self.scopes.append(scope)
        self.body(body)
        self.scopes.pop()


def _entry_type(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is list else None


def _targets(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    for child in node.find_all(nodes.Name):
        yield child.name
