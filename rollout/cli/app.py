"""The command line: its commands by group, and the one place where errors become exit codes.

0 fine; 1 the answer is no; 2 wrong usage; 3 could not do it; 130, 143, 129 ended by INT, TERM, HUP.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from rollout.cli.audit import audit
from rollout.cli.budget import budget
from rollout.cli.capacity import capacity
from rollout.cli.demo import demo
from rollout.cli.diff import diff
from rollout.cli.doctor import doctor
from rollout.cli.due import due
from rollout.cli.ended import close, heard, said
from rollout.cli.explain import explain
from rollout.cli.export import export
from rollout.cli.fmt import fmt
from rollout.cli.forecast import forecast
from rollout.cli.gate import gate
from rollout.cli.helped import Groups, folder_behind, only_called, tidy
from rollout.cli.import_ import import_
from rollout.cli.init import init
from rollout.cli.lessons import lessons
from rollout.cli.lighthouse import lighthouse
from rollout.cli.people import people
from rollout.cli.plan import plan
from rollout.cli.portfolio import portfolio
from rollout.cli.progress import arranged, be_quiet, of_terminal
from rollout.cli.proof import proof
from rollout.cli.publish import publish
from rollout.cli.record import record
from rollout.cli.render import render
from rollout.cli.report_ import report
from rollout.cli.rules import rules
from rollout.cli.schema import schema
from rollout.cli.show import show
from rollout.cli.status import status
from rollout.cli.systems import systems
from rollout.cli.validate import validate
from rollout.cli.whatif import whatif
from rollout.model.watched import watched_by

app = typer.Typer(
    name="rollout",
    cls=Groups,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_MANAGE = "What a manager types"
_LOOK = "Look"
_STEER = "Steer"
_REVIEW = "Review"
_SET_UP = "Set up, and files for elsewhere"

app.command("import", rich_help_panel=_MANAGE)(import_)
app.command(rich_help_panel=_MANAGE)(validate)
app.command(rich_help_panel=_MANAGE)(plan)
app.command(rich_help_panel=_MANAGE)(publish)
app.command(rich_help_panel=_MANAGE)(diff)
app.command(rich_help_panel=_MANAGE)(due)
app.command(rich_help_panel=_MANAGE)(status)
app.command(rich_help_panel=_LOOK)(show)
app.command(rich_help_panel=_LOOK)(explain)
app.command(rich_help_panel=_LOOK)(lighthouse)
app.command(rich_help_panel=_LOOK)(systems)
app.command(rich_help_panel=_LOOK)(people)
app.command(rich_help_panel=_LOOK)(budget)
app.command(rich_help_panel=_LOOK)(portfolio)
app.command(rich_help_panel=_STEER, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(record)
app.command(rich_help_panel=_STEER)(whatif)
app.command(rich_help_panel=_STEER)(capacity)
app.command(rich_help_panel=_STEER)(forecast)
app.command(rich_help_panel=_REVIEW)(gate)
app.command(rich_help_panel=_REVIEW)(lessons)
app.command(rich_help_panel=_REVIEW)(proof)
app.command(rich_help_panel=_REVIEW)(audit)
app.command(rich_help_panel=_REVIEW)(report)
app.command(rich_help_panel=_SET_UP)(init)
app.command(rich_help_panel=_SET_UP)(demo)
app.command(rich_help_panel=_SET_UP)(render)
app.add_typer(export, rich_help_panel=_SET_UP)
app.command(rich_help_panel=_SET_UP)(fmt)
app.command(rich_help_panel=_SET_UP)(schema)
app.command(rich_help_panel=_SET_UP)(rules)
app.command(rich_help_panel=_SET_UP)(doctor)
tidy(app)


def _version(wanted: bool) -> None:
    if wanted:
        from rollout import __version__

        typer.echo(f"rollout {__version__}")
        raise typer.Exit


def _quiet(wanted: bool) -> None:
    be_quiet(wanted)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", callback=_quiet, help="Results and errors only; anywhere on the line.")
    ] = False,
) -> None:
    """Take a programme of sites from a spreadsheet to go-live in waves.

    First steps: rollout init DIR, then import SHEET, plan, publish.
    """


_GONE = "whoever read the output has gone before its end"


def run() -> int:
    """Runs the command line and returns its exit code. Nothing a user can cause ends in a traceback."""
    from rollout.cli.spelled import install
    from rollout.problem import RolloutError

    install()
    output = sys.stdout
    progress = of_terminal()
    try:
        with watched_by(progress), heard():
            words = arranged(folder_behind(app, sys.argv[1:]))
            only_called(app, words)(words, standalone_mode=True)
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # typer and rich make an exit of it, with a code of theirs
            close(output)
            return said(_GONE, 3)
        return _flushed(ended.code if isinstance(ended.code, int) else 0)
    except RolloutError as error:
        from rollout.cli.report import complain

        with suppress(AttributeError):  # closed before we began: the exit code says it
            try:
                complain(error)
                sys.stderr.flush()
            except OSError:
                close(sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        close(sys.stdout)
        return said(_GONE, 3)
    except OSError as error:
        close(sys.stdout)
        place = f" ({error.filename})" if error.filename else ""
        return said(f"the system said no: {error.strerror or error}{place}", 3)
    except (RecursionError, MemoryError):
        return said("this programme is too large for the memory of this machine", 3)
    except Exception as error:
        # Whatever is wrong in rollout itself, a user gets a sentence, and who mends it the rest on request.
        if os.environ.get("ROLLOUT_TRACEBACK"):
            raise
        if isinstance(error, OverflowError) and "date value" in str(error):
            return said("the work would last beyond the calendar: check durations, lags and lead times", 1)
        fault = f"a fault of its own: {type(error).__name__}: {error}"
        return said(f"{fault}; please report it (ROLLOUT_TRACEBACK=1 shows where)", 3)
    finally:
        progress.clear()
    return 0


def _flushed(code: int) -> int:
    try:
        if sys.stdout is not None:  # closed before we began: whoever did that wants no output
            sys.stdout.flush()
    except OSError as error:
        close(sys.stdout)
        return said(f"the output could not be written: {error.strerror}", 3)
    return code
