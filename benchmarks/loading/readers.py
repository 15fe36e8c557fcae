"""PyYAML over the files of a programme's sites: `python readers.py load|events FOLDER`. Needs PyYAML alone."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

if __name__ == "__main__":
    for path in sorted(Path(sys.argv[2]).glob("*.yaml")):
        if sys.argv[1] == "load":
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            continue
        for _ in yaml.parse(path.read_bytes(), Loader=yaml.CSafeLoader):
            pass
