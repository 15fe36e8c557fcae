"""Writes constraints.txt: every package pinned and hashed, no addresses; first what rollout needs, then the tools.

Run by `make lock`, which installs uv. The two parts let `make demo` install only the first. Beside it audit.txt, for
the weekly audit, whose tool has no place among those that testing needs.
"""

import re
import subprocess
import sys
from pathlib import Path

TOOLS = "# ---- from here on: what testing and checking need ----\n"
AUDIT = "# Pinned and hashed, made by `make lock`: what .github/workflows/audit.yml runs.\n"
HEAD = "# Pinned and hashed, made by `make lock`. Up to the line of dashes: what rollout itself needs.\n"


def compiled(*arguments: str, also: str = "") -> dict[str, str]:
    """Package name to its lines in the lock."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-annotate", "--no-header", "--no-emit-package", "rollout", *arguments]
    text = subprocess.run(command, input=also, capture_output=True, text=True, check=True).stdout
    found: dict[str, str] = {}
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.M):
        if "==" in block:
            # One package may be pinned twice, for older and for newer Pythons.
            name = block.split("==")[0]
            found[name] = found.get(name, "") + block
    return found


def main() -> None:
    """Both parts, each sorted, into constraints.txt."""
    everything = compiled("--all-extras", "pyproject.toml")
    # The example is in five languages, and `make demo` makes its pages.
    core = compiled("--extra", "languages", "pyproject.toml", "-", also="hatchling\n")
    needed = "".join(everything[name] for name in sorted(core))
    tools = "".join(block for name, block in sorted(everything.items()) if name not in core)
    Path("constraints.txt").write_text(HEAD + needed + TOOLS + tools, encoding="utf-8")
    audit = "".join(block for _, block in sorted(compiled("-", also="pip-audit\n").items()))
    Path(".ci/audit.txt").write_text(AUDIT + audit, encoding="utf-8")


if __name__ == "__main__":
    main()
