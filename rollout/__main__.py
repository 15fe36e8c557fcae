"""`rollout` and `python -m rollout`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line. `--version`, and a shell that completes a word, are answered before anything heavy is
    imported."""
    from rollout.cli.ended import Ended, ended, finished, heard, listen, open_ends  # noqa: PLC0415 - what is not asked for is not imported

    open_ends()
    # Other packages could change how files are read; looking for those that might takes a tenth of the start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    if sys.argv[1:] == ["--version"]:
        from rollout import __version__  # noqa: PLC0415 - what is not asked for is not imported

        sys.stdout.write(f"rollout {__version__}\n")
        return
    from rollout.cli.complete import answer, answers  # noqa: PLC0415 - what is not asked for is not imported

    if answers():
        sys.exit(answer())
    try:
        listen()
        with heard():
            from rollout.cli.app import run  # noqa: PLC0415 - what is not asked for is not imported

            code = run()
    except Ended as error:
        code = ended(error)
    finished()
    sys.exit(code)


if __name__ == "__main__":
    main()
