"""CPU seconds of writing the files of one folder into another, as one would: python -m benchmarks.publishing.copied FROM TO

Reading them is not counted. Prints one number.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

if __name__ == "__main__":
    here, there = Path(sys.argv[1]), Path(sys.argv[2])
    texts = {path.relative_to(here): path.read_text(encoding="utf-8") for path in sorted(here.rglob("*.md"))}
    begun = time.process_time()
    made: set[Path] = set()
    for path, text in texts.items():
        target = there / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(text.encode())
    print(time.process_time() - begun)
