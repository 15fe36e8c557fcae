"""Large programmes, loaded and validated: memory and CPU for a site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from benchmarks.render.generate import AS_OF, programme
from tests.torture.part import Outcome, Part

SIZES = (9_000, 36_000, 145_000)


class Size(Part):
    def once(self, number: int) -> Outcome:
        sites = SIZES[number]
        root = self.folder / f"{sites}"
        if not (root / "made").exists():
            shutil.rmtree(root, ignore_errors=True)
            programme(root, sites)
            (root / "made").touch()
        command = [sys.executable, "-m", "rollout", "validate", "-C", str(root), "--as-of", AS_OF.isoformat()]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout
        said = process.stdout.read().decode(errors="replace")
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        shutil.rmtree(root)
        megabytes, cpu = usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime
        note = f"{sites:,} sites: {megabytes:,.0f} MB, {megabytes / sites:.4f} MB a site, {cpu:.0f} s of CPU, {1000 * cpu / sites:.2f} ms a site"
        faults = (
            [] if process.returncode in (0, 1) and "Traceback" not in said else [f"{process.returncode}: {said[-300:]}"]
        )
        return Outcome(tuple(faults), (note,))
