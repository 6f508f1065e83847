"""From a file to a trainable task, and its checks: seconds and memory.

    python benchmarks/own_task.py [--rows 100000,400000]

The rows are random words, 6 to 24 a text, three labels; 500 dev rows are in the training data but for a word. `add` is
the button: guess, read, save. `check` is labels, tokens, duplicates, contradictions, rows in dev, exact and near.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "mtl_core", "tasks"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="100000,400000")
    for rows in map(int, parser.parse_args().rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            file = written(Path(folder) / "own.csv", rows)
            added, _ = measured("add", file, "--runs-dir", folder)
            checked, found = measured("check", "own", "--runs-dir", folder)
        counts = {one["rule"]: one["count"] for one in found["findings"]}
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        print(f"{rows:,} rows: add {added:.1f} s, check {checked:.1f} s, {peak:.2f} GB at most, found {counts}")


def written(path: Path, rows: int) -> Path:
    """A table of random words."""
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 9))) for _ in range(20_000)]
    texts = [" ".join(draw.choices(words, k=draw.randint(6, 24))) for _ in range(rows - 500)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("text", "label"))
        table.writerows((text, draw.choice("abc")) for text in [*texts, *(f"{text} again" for text in texts[:500])])
    return path


def measured(*arguments: object) -> tuple[float, dict[str, list[dict[str, object]]]]:
    """Seconds of a command, and its answer."""
    began = time.perf_counter()
    done = subprocess.run([*COMMAND, *map(str, arguments), "--json"], capture_output=True, text=True, check=True)
    return time.perf_counter() - began, json.loads(done.stdout)


if __name__ == "__main__":
    main()
