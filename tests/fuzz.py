"""Real files, damaged at random, through everything that reads them: `make fuzz`, or 120 times in the suite.

    python -m tests.fuzz [RUNS [FIRST]]

Each run is its number: the same number damages the same file in the same way, so a run that fails can be repeated by
itself. What may be raised is RolloutError (a sentence with a place) and nothing else; no run may take two seconds of the processor, and
all of them together no gigabyte more.
"""

from __future__ import annotations

import atexit
import io
import json
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from rollout.check import check_pages, check_programme
from rollout.check.schedule import check_schedule, overdue
from rollout.load.edit import CannotEdit, set_values
from rollout.load.lines import in_order, insert
from rollout.load.locate import Places
from rollout.load.programme import load_programme
from rollout.load.revision import Revision
from rollout.load.spreadsheet import import_sheet
from rollout.load.templates import load_templates, named_items
from rollout.load.words import read_words
from rollout.load.workbook import read_workbook
from rollout.load.workspace import Workspace
from rollout.load.yaml import decode, parse
from rollout.model.boxes import boxes, ticks
from rollout.model.imported import ImportOptions
from rollout.model.programme import Programme
from rollout.model.record import KINDS
from rollout.model.schedule import Schedule
from rollout.model.validated import Validated
from rollout.problem import RolloutError
from rollout.render.merge import merge, merge_both
from rollout.render.render import preview
from rollout.render.workbook import checklist_of, workbook
from rollout.sequence.plan import instance_of, sequence
from rollout.track.standing import stand
from tests.bad import hostile
from tests.bad.makers import cell
from tests.bad.makers import workbook as book_of
from tests.typed import typed

TODAY = date(2026, 10, 1)
SECONDS = 2
BYTES = 1 << 30
WORDS = [f"word {number}" for number in range(300)]
NASTY = [
    b"\0", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\t", b"\x1b[31m", b"&a ", b"*a", b"<<: ", b"!!x ",
    b"---\n", b"...\n", b"? ", b"- ", b": ", b"[", b"]", b"{", b"}", b"'", b'"', b"|\n", b">\n", b"#", b"%", b"@", b"`", b"\\", b"~",
    b"null", b"-1", b"0", b"99999999999999999999", b"1e9", b".inf", b".nan", b"2026-02-30", b"0000-01-01", b"9999-12-31", b"2199-12-31",
    b"1900-01-01", b"T-9999w", b"99999wd", b"7000d", b"NO", b"12:30", b"../..", b"con", b"<<<<<<< x\n", b"=======\n", b">>>>>>> x\n",
    b"||||||| x\n", b"<!-- rollout:why -->", b"<!-- /rollout:why -->", b"<!--", b"-->", b"- [x] ", b"[X", b"\n\n", b" " * 40, b"a" * 300,
]  # fmt: skip
VALUES: list[Any] = [
    None, "", "~", "-1", "0", "1", "999999999999999", "9999999999999999999", "2026-02-30", "2199-12-31", "1900-01-01", "2027-02-09",
    "12-31", "-3", "31", "T-1", "T-9999w", "T+9999wd", "99999w", "1d", "0d", "7320d", "true", "FR", "NO", "XK", "fr", "oslo", "bergen",
    "all", "lighthouse", "x" * 201, "a\nb", "é", "\u200b", "{}", [], {}, [[]], ["oslo", "oslo"], {"a": {"a": "a"}}, ["a", {"id": "a"}],
    "100%", "1-9999", "5%-10%", "month", "year", "0.0001", "1" * 16, "https://example.com", "v1:" + "0" * 64, "go_live", "labels.x",
]  # fmt: skip


class Base(NamedTuple):
    """What is damaged."""

    files: dict[str, bytes]
    pages: dict[str, str]
    sheet: bytes
    workbook: bytes
    root: Path
    templates: dict[str, str]


@cache
def base() -> Base:
    """A sound programme with most fields in it, its dates and pages, and a sheet and a workbook to import."""
    root = Path(tempfile.mkdtemp(prefix="rollout-fuzz-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    words = iter(WORDS)
    hostile.write(root, lambda: json.dumps(next(words)))
    workspace = Workspace(root)
    programme, problems = load_programme(workspace)
    assert not problems, problems
    plan = programme.plans["v"]
    planned = sequence(programme, plan, TODAY)
    (root / "waves/v/schedule.yaml").write_text(planned.schedule.text(), encoding="utf-8")
    (root / "waves/_holidays.yaml").write_text(programme.holidays.text(), encoding="utf-8")
    templates = dict(load_templates(workspace))
    standing = stand(programme, plan, planned.schedule)
    pages = dict(preview(standing, templates, "oslo", None, {}))
    files = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    files |= {path: text.encode() for path, text in pages.items() if path.endswith("checklist.md")}
    sheet = b"name,country,city,lat,lon,languages,systems,operators,go_live,status,sponsor,sponsor email\n"
    sheet += b'"Oslo, old",NO,Oslo,59.9,10.7,nb;en,"m3; x9",25,2027-03-01,planned,A B,a@example.com\n' * 3
    return Base(files, pages, sheet, workbook(checklist_of(standing, "oslo")), root, templates)


def damaged(data: bytes, rng: random.Random, tokens: list[bytes] = NASTY) -> bytes:
    """A text with a few bytes changed, taken out, doubled, moved, or something nasty put in."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(out) + 1)
        to = min(len(out), at + rng.choice((1, 1, 2, 5, 30, 200)))
        kind = rng.randrange(6)
        if kind == 0:
            out[at:at] = rng.choice(tokens)
        elif kind == 1:
            out[at:to] = rng.choice(tokens)
        elif kind == 2:
            del out[at:to]
        elif kind == 3:
            out[at:at] = out[at:to] * rng.choice((1, 2, 30))
        elif kind == 4 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        else:
            piece = out[at:to]
            del out[at:to]
            there = rng.randrange(len(out) + 1)
            out[there:there] = piece
    return bytes(out)


def rebuilt(data: bytes, rng: random.Random) -> bytes:
    """A YAML file with values of its tree exchanged, taken out, doubled or put into another."""
    tree, problems = parse(data.decode(), "x")
    if problems or not isinstance(tree, dict | list):
        return damaged(data, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        places = list(_places(tree))
        if not places:
            break
        here, key = rng.choice(places)
        kind = rng.randrange(5)
        if kind == 0:
            here[key] = _value(rng)
        elif kind == 1:
            del here[key]
        elif kind == 2:
            there, other = rng.choice(places)
            here[key] = json.loads(json.dumps(there[other])) if other in there or isinstance(there, list) else None
        elif kind == 3 and isinstance(here, dict):
            here[str(rng.choice((*here, "id", "x", "", "oslo", "v")))] = _value(rng)
        elif isinstance(here, list):
            here.append(_value(rng))
        else:
            here[key] = [here[key], _value(rng)]
    return yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


def _value(rng: random.Random) -> Any:
    """One of the values, as a copy: it may be damaged in its turn."""
    return json.loads(json.dumps(rng.choice(VALUES)))


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found, waiting = [], [tree]
    while waiting:
        here = waiting.pop()
        for key, value in here.items() if isinstance(here, dict) else enumerate(here):
            found.append((here, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    return found


def a_programme(rng: random.Random) -> None:
    """Load, check, plan now and then, and write the pages of a site."""
    files = dict(base().files)
    for path in rng.sample(sorted(files), rng.choice((1, 1, 1, 2))):
        is_tree = path.endswith(".yaml") and rng.random() < 0.7
        files[path] = rebuilt(files[path], rng) if is_tree else damaged(files[path], rng)
    workspace = Revision(Workspace(base().root / "nothing"), files)
    programme, problems = load_programme(workspace)
    found = [*problems, *check_programme(programme, TODAY), *check_pages(programme, named_items(base().templates))]
    placed = Places(workspace).resolve(found)
    json.dumps(Validated(tuple(placed), len(programme.sites)).json())
    for problem in placed:
        assert str(problem)
        assert problem.path
        assert problem.line > 0
    if not any(problem.severity == "error" for problem in placed):
        _of_sound(programme, rng)
        if rng.random() < 0.3:
            _asked(files, rng)


def _of_sound(programme: Programme, rng: random.Random) -> None:
    for folder in programme.plans.values():
        schedule = folder.schedule
        if rng.random() < 0.05 or schedule is None:
            schedule = sequence(programme, folder, TODAY).schedule
            again, wrong = parse(schedule.text(), "x")
            assert not wrong
            assert Schedule.model_validate(again) == schedule
        path = f"waves/{folder.id}/schedule.yaml"
        instance = instance_of(programme, folder, schedule)
        lawful = not [*check_schedule(instance, schedule, path), *overdue(instance, schedule, path, TODAY)]
        standing = stand(programme, folder, schedule)
        for site in sorted(schedule.sites)[:1] if lawful else ():
            preview(standing, base().templates, site, None, {})


ASKED = (
    "due --within 400d", "due --format json", "due --messages", "status", "status oslo", "status --format markdown", "gate", "gate go-live",
    "gate wave-1 --format json", "lessons", "proof", "systems", "systems --found x9 --at oslo", "capacity --by week", "budget", "budget oslo",
    "people", "portfolio", "audit", "lighthouse", "forecast", "explain bergen", "explain graz --wave 1", "whatif --delay bergen=8w",
    "whatif --drop graz --afresh", "plan --dry-run --afresh", "plan --dry-run --replan", "plan --check", "show oslo", "fmt --check",
    "export workbook oslo -o {out}", "render --preview bergen", "render --check",
)  # fmt: skip


def _asked(files: dict[str, bytes], rng: random.Random) -> None:
    """One of the commands that look, over the files on disk."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(data)
        words = rng.choice(ASKED).format(out=f"{folder}/out.xlsx").split()
        day = () if words[0] in ("show", "fmt", "audit", "portfolio") else ("--as-of", "2026-10-01")
        answer = typed(*words, "-C", folder, *day)
        assert answer.exit in (0, 1, 3), answer.text
        assert "fault of its own" not in answer.text, (words, answer.text)
        answer.stdout.decode("utf-8")


def a_page(rng: random.Random) -> None:
    """Merge a page people have damaged with what rollout writes now."""
    path, new = rng.choice(sorted(base().pages.items()))
    one, two = (damaged(new.encode(), rng).decode("utf-8", "replace") for _ in range(2))
    merged = merge(one, new, path)
    merge(merged.text, new, path)
    merge_both(one, two, new, path)
    list(boxes(one))
    ticks(one)


def some_lines(rng: random.Random) -> None:
    """Put damaged records in order, add one, and change values of a damaged site."""
    files = base().files
    text = damaged(files[rng.choice([p for p in sorted(files) if "/records/" in p])], rng).decode("utf-8", "replace")
    site = damaged(files["sites/oslo.yaml"], rng).decode("utf-8", "replace")
    for change in (
        lambda: in_order(text),
        lambda: insert(text, {"note": "own", "says": "x: 'y' #", "on": "2026-09-09", "by": "A"}),
        lambda: set_values(site, {("labels", "a"): "b: c", ("name",): "x\ny", ("systems",): ["a", "b"]}),
    ):
        if not decode(text.encode(), "x")[1] and not decode(site.encode(), "x")[1]:
            try:
                change()
            except CannotEdit:
                continue


def a_sheet(rng: random.Random) -> None:
    """Import a damaged sheet or workbook."""
    kind = rng.randrange(4)
    if kind < 2:
        data, name = damaged(base().sheet, rng, [*NASTY, b",", b";", b"sep=;\n", b'""']), "a.csv"
    elif kind == 2:
        rows = damaged(f'<row r="1">{cell("A1", "name")}{cell("B1", "country")}</row><row r="2">{cell("A2", "L")}{cell("B2", "FR")}</row>'.encode(), rng, [b"<", b">", b'r="ZZZ9999999"', b'r="XFD1048576"', b'r="A99999999"', b"<v>", b't="s"', b't="b"', b't="d"', b't="e"', b"&lt;", b"&#0;", b"\0", b"<c/>", b"<f>"])  # fmt: skip
        data, name = book_of(b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"), "a.xlsx"
    else:
        data, name = _damaged_book(base().workbook, rng), "a.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        if read_workbook(path) is None:
            import_sheet(Workspace(base().root), path, ImportOptions(as_of=TODAY, rest=rng.random() < 0.5))


def _damaged_book(data: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.2:
        return damaged(data, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = rng.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, damaged(old.read(name), rng) if name == chosen else old.read(name))
    return out.getvalue()


def some_words(rng: random.Random) -> None:
    """What somebody may type after `rollout record`."""
    known = [
        *KINDS,
        "own",
        "--on",
        "--by",
        "--",
        "--affects",
        "a=b",
        "a.b=c",
        "a=",
        "=",
        "--x",
        "",
        "done",
        "2027-01-01",
        "--a=b",
    ]
    read_words([rng.choice(known) for _ in range(rng.randrange(7))], ["own"])


KIND: tuple[tuple[Callable[[random.Random], None], int], ...] = (
    (a_programme, 70), (a_page, 10), (some_lines, 8), (a_sheet, 10), (some_words, 2),
)  # fmt: skip


class TookTooLong(BaseException):
    """A run was stopped."""


def run(number: int) -> None:
    """One run. Raises whatever goes wrong in it."""
    rng = random.Random(number)
    kinds, weights = zip(*KIND, strict=True)
    began = time.process_time()
    try:
        rng.choices(kinds, weights)[0](rng)
    except RolloutError as error:
        assert error.problems
        assert all(problem.message and problem.code for problem in error.problems)
    if (took := time.process_time() - began) > SECONDS:
        raise TookTooLong(f"{took:.1f} s")


def _stop(*_: object) -> None:
    raise TookTooLong("stopped")


def main(runs: int = 100_000, first: int = 0) -> int:
    """So many runs, one by one; the numbers of those that failed are printed. 1 where there are any."""
    import traceback

    base()
    try:
        import resource

        own = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (own + BYTES, resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        sys.stderr.write("without a limit of memory\n")
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, _stop)
    failed: dict[str, list[int]] = {}
    for number in range(first, first + runs):
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
        try:
            run(number)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever it is, it is what this looks for
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_PROF, 0)
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} {frame.filename.rpartition('/')[2]}:{frame.lineno}"
            if where not in failed:
                traceback.print_exc()
            failed.setdefault(where, []).append(number)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, 0)
    for where, numbers in failed.items():
        sys.stdout.write(f"{where}: {len(numbers)} runs, such as {numbers[:5]}\n")
    sys.stdout.write(f"{runs} runs, {sum(map(len, failed.values()))} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
