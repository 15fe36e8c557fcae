"""What is shipped works where the source is not: templates, presets, starter and example are inside the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def test_the_wheel_publishes_the_example(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    wheel = tmp_path / made.stdout.split()[-1]
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run([*command, "--disable-pip-version-check", "--no-index"], check=True, capture_output=True)
    # The dependencies come from the environment of the tests, the package itself only from the wheel.
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    env = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{dependencies}", "PYTHONSAFEPATH": "1"}
    python = [sys.executable, "-m", "rollout"]
    where = subprocess.run(
        [sys.executable, "-c", "import rollout; print(rollout.__file__)"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(site) in where.stdout
    done = subprocess.run([*python, "demo", "demo"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo/playbooks/vision/lyon/playbook.md").is_file()
    empty = subprocess.run([*python, "init", "new"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert empty.returncode == 0, empty.stderr
