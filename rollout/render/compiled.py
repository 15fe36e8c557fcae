"""Templates as Python that asks twice before it calls: most of what a page prints is a key of a dict, and a text.

Jinja compiles `{{ site.name }}` into calls of `environment.getattr`, `environment.finalize` and `str`. Views are plain
dicts and most of their texts have been escaped before, so here both questions stand in the compiled code itself, and
the calls remain for all else: what is no key of a plain dict goes through the sandbox as ever, and what is not Markdown
is escaped as ever. The words between two `{% … %}` come as one piece. Nothing else is changed, and lines are kept, so
that an error is still found at the template's line.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class Quick(CodeGenerator):
    """Jinja's own code generator, with the two questions written out."""

    def write_commons(self) -> None:
        """What every function of a template begins with; Jinja's own names are left alone."""
        super().write_commons()
        # `it` and `kind` hold a value between question and answer; nothing else is evaluated in between.
        for name in ("markdown", "escape", "finalize", "getattr"):
            self.writeline(f"quick_{name} = environment.{name}")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """`{{ site.name }}`: the key of a plain dict as it is, everything else through the environment."""
        self.write("(it[")
        self.write(f"{node.attr!r}] if type(it := ")
        self.visit(node.node, frame)
        self.write(f") is dict and {node.attr!r} in it else quick_getattr(it, {node.attr!r}))")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Several things in a row are one piece."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        finalize = self._make_finalize()
        self.writeline("yield ''.join((", node)
        self.indent()
        for child in node.nodes:
            self.newline(child)
            if isinstance(child, nodes.TemplateData):
                self.write(repr(child.data))
            else:
                self._output_child_pre(child, frame, finalize)
                self.visit(child, frame)
                self._output_child_post(child, frame, finalize)
            self.write(",")
        self.outdent()
        self.writeline("))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("(it if (kind := type(it := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")) is quick_markdown else quick_escape(it) if kind is str else quick_finalize(it))")
