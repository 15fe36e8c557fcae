"""The alternatives, each in an environment of its own under build/bench-venv, made when it is missing or asked for anew.

`beside` has rollout, installed from the lock as everywhere, and the libraries that work on its values in the same
process (beside.txt). `tools` has whole programs (tools.txt) and nothing of ours.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import BUILD, ROOT, note

HERE = Path(__file__).parent
VENV = BUILD / "bench-venv"


def beside() -> Path:
    """The environment's folder of programs: rollout, ortools, highspy, minijinja."""
    core = (ROOT / "constraints.txt").read_text(encoding="utf-8").partition("# ----")[0]
    return _made("beside", (HERE / "beside.txt").read_text(encoding="utf-8"), core)


def tools() -> Path:
    """The environment's folder of programs: whole tools. One that could not be installed is not there."""
    return _made("tools", (HERE / "tools.txt").read_text(encoding="utf-8"), "")


def _made(name: str, wanted: str, core: str) -> Path:
    venv = VENV / name
    stamp, programs = venv / "installed.txt", venv / "bin"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted + core:
        return programs
    note(f"installing {name} into {venv.relative_to(ROOT)}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if core:
        (venv / "core.txt").write_text(core, encoding="utf-8")
        subprocess.run([*pip, "--require-hashes", "-r", venv / "core.txt"], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    lines = [line for line in wanted.splitlines() if line and not line.startswith("#")]
    if subprocess.run([*pip, *lines]).returncode:
        for line in lines:  # one that cannot be had must not take the others with it
            if subprocess.run([*pip, line]).returncode:
                note(f"{line} cannot be installed; what is compared with it will say so")
    stamp.write_text(wanted + core, encoding="utf-8")
    return programs
