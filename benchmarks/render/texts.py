"""CPU seconds of the same templates over the same data: ours and other engines, in turn, two hundred sites at a time.

Runs in the benchmark's own environment and prints one JSON object: seconds by way, for one pass over all sites.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from benchmarks.measure import AS_OF
from rollout.load.templates import load_templates
from rollout.pipeline.loading import pick, published, sound
from rollout.render import engine
from rollout.render import render as rendering
from rollout.track.standing import stand

BATCH = 200
METHOD = re.compile(r"\.(items|values|keys|get|pop|update|copy|clear)\b(?!\()")
"""A dict's key that is also the name of one of its methods."""
JINJA = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
Way = Callable[..., str]
"""Makes the text of a template's name and its view; what else our press is given it leaves alone."""


class Collecting(engine.Press):
    """Keeps what every page is made of instead of making it."""

    def __init__(self) -> None:
        self.pages: list[tuple[Any, ...]] = []

    def page(self, *made_of: Any) -> str:
        """A template and its view, kept."""
        self.pages.append(made_of)
        return ""


def press_and_environment(templates: dict[str, str]) -> tuple[engine.Press, jinja2.Environment]:
    """Our press and the environment inside it, whose filters and functions the others are given too."""
    made: list[jinja2.Environment] = []
    begin = engine._Environment.__init__

    def noted(self: Any, *rest: Any, **named: Any) -> None:
        begin(self, *rest, **named)
        made.append(self)

    engine._Environment.__init__ = noted  # type: ignore[method-assign]
    press = engine.Press(templates)
    engine._Environment.__init__ = begin  # type: ignore[method-assign]
    return press, made[0]


MESSAGE = re.compile(r"\{%\s*trans\s*(.*?)\s*%\}(.*?)\{%\s*endtrans\s*%\}", re.DOTALL)
GIVEN = re.compile(r"(?:^|,\s*)(\w+)=")
MANY = re.compile(r"(.*?)\{%\s*pluralize\s*(\w*)\s*%\}(.*)", re.DOTALL)


def in_english(template: str) -> str:
    """The template with its messages written out, for an engine that has no word for them."""

    def written(found: re.Match[str]) -> str:
        given, text = found[1], found[2]
        names = GIVEN.findall(given)
        for name in names:  # of names of their own: one may be given by another of the same name
            text = re.sub(rf"\{{\{{ {name} \}}\}}", f"{{{{ given_{name} }}}}", text)
        if many := MANY.fullmatch(text):
            counted = many[2] or names[0]
            counted = f"given_{counted}" if counted in names else counted
            text = f"{{% if {counted} == 1 %}}{many[1]}{{% else %}}{many[3]}{{% endif %}}"
        given = GIVEN.sub(lambda name: name[0].replace(name[1], f"given_{name[1]}"), given)
        return f"{{% with {given} %}}{text}{{% endwith %}}" if given else text

    return MESSAGE.sub(written, template)


def ways(templates: dict[str, str]) -> dict[str, Way]:
    """Ways to make a text. Ours is sandboxed and escapes; the last of ours writes digests into it, too."""
    press, inside = press_and_environment(templates)
    seal = engine.seal

    def unsealed(*made_of: Any) -> str:
        engine.seal = str
        try:
            return press.page(*made_of)
        finally:
            engine.seal = seal

    # To stock Jinja `phase.items` is the method of the dict; minijinja has no word for the others. None of it changes
    # what is printed here.
    templates = {name: METHOD.sub(r'["\1"]', text) for name, text in templates.items()}
    plain = {n: in_english(t.replace(" scoped %}", " %}").replace(" with context", "")) for n, t in templates.items()}

    def jinja(kind: type[jinja2.Environment], **more: Any) -> Way:
        environment = kind(loader=jinja2.DictLoader(templates), extensions=tuple(inside.extensions), **JINJA, **more)
        environment.filters |= inside.filters
        environment.globals |= inside.globals
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        if "finalize" not in more:  # the plainest messages there are; ours are Markdown, which must not be escaped
            environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
            environment.globals["_"] = environment.globals["gettext"]
        return lambda name, view, *_: environment.get_template(name).render(view)

    import minijinja  # noqa: PLC0415 - only in the environment of the alternatives

    mini = minijinja.Environment(loader=plain.get, pycompat=True, **JINJA)  # type: ignore[arg-type]
    for name in inside.filters.keys() - jinja2.Environment().filters.keys():
        mini.add_filter(name, inside.filters[name])
    for name in inside.globals.keys() - jinja2.Environment().globals.keys():
        mini.add_global(name, inside.globals[name])
    mini.add_global("_", lambda message, **values: message % values)
    return {
        "ours": unsealed,
        "ours, sealed": press.page,
        "jinja2": jinja(jinja2.Environment),
        "jinja2, sandboxed": jinja(ImmutableSandboxedEnvironment),
        "jinja2, sandboxed and escaped": jinja(ImmutableSandboxedEnvironment, finalize=inside.finalize),
        "minijinja": lambda name, view, *_: mini.render_template(name, **view),
    }


def measured(root: Path, *asked: str) -> dict[str, float]:
    """Seconds by way (of these, or of all) over every site of a programme, the pages and megabytes that were made, and
    what comes before."""
    loaded = sound(root, date.fromisoformat(AS_OF))
    folder = pick(loaded.programme, None)
    standing = stand(loaded.programme, folder, published(folder))
    tongues, engines = rendering.Tongues(standing, {}), ways(dict(load_templates(loaded.workspace)))
    engines = {way: render for way, render in engines.items() if way in asked or not asked}
    spent = dict.fromkeys(("standing", "views", *engines, "pages", "megabytes"), 0.0)
    ids = [site for site in standing.site_ids if site in standing.schedule.sites]
    for first in range(0, len(ids), BATCH):
        collected = Collecting()
        begun = time.process_time()
        ones = [standing.site(site) for site in ids[first : first + BATCH]]
        spent["standing"] += time.process_time() - begun
        begun = time.process_time()
        for one in ones:
            for _ in rendering.site_pages(collected, tongues, one, folder.plan.documents):
                pass
        spent["views"] += time.process_time() - begun
        spent["pages"] += len(collected.pages)
        if not first:
            for made_of in collected.pages[:8]:  # every template compiled before the clock runs
                for render in engines.values():
                    render(*made_of)
        # Each batch begins with another way, so that none always has the warm memory.
        order, sizes = list(engines.items()), {}
        turn = first // BATCH % len(order)
        for way, render in order[turn:] + order[:turn]:
            begun = time.process_time()
            sizes[way] = sum([len(render(*made_of)) for made_of in collected.pages])
            spent[way] += time.process_time() - begun
        spent["megabytes"] += next(iter(sizes.values())) / 1e6
        if asked:
            continue
        # They all did the same, but for escapes, which stock Jinja also puts into what macros return, and empty lines.
        assert abs(sizes["jinja2, sandboxed and escaped"] - sizes["ours"]) <= 0.03 * sizes["ours"], sizes
        assert abs(sizes["minijinja"] - sizes["jinja2"]) <= 0.03 * sizes["jinja2"], sizes
    return spent


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), *sys.argv[2:])))
