"""Server time of pages and commands over long runs and many runs, in this checkout and in an older one, in turn.

    git worktree add --detach /tmp/before COMMIT
    python -m benchmarks.long_runs --before /tmp/before --rounds 3

Makes 1,000 short runs, 16 runs of 100,000 steps and one of 200,000 rows (two tasks in each step). Takes, each time in
a new process that has loaded what the server loads at its start: Compare over the 16 runs and Watch of the long one,
first and redrawn, the long run's CSV, and the answer of `runs`. "first ever" has nothing kept on disk, "first" is that
of a new server. Prints medians of the time on the clock and of the processor's, in ms, and the ratio of the latter. The
pages' scripts run as in the server, without a browser. `--runs-dir` keeps the runs for the next call.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mtl_core.store.workspace import Workspace

SHORT, LONG, STEPS = 1_000, 16, 100_000
COLUMNS = "step, task, seconds, loss, learning_rate, gradient_norm, examples, tokens, examples_per_second, memory_bytes"
TAKE = """
import json, os, sys, time
sys.path.insert(0, os.getcwd())
import app
app.load_libraries()
from streamlit.testing.v1 import AppTest
from mtl_core.services import watch
from mtl_core.store import describe
from mtl_core.store.workspace import Workspace
ids, long = sys.argv[1].split(","), sys.argv[2]
workspace = Workspace.default()

def page(script, **query):
    visit = AppTest.from_file(os.path.abspath("pages/main.py"), default_timeout=600)
    visit.query_params.update(query)
    visit.run()
    return visit.switch_page(script)

def took(work):
    began, busy = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)

def again(visit, slider):
    visit.slider(key=slider).set_value(0.9)
    return took(visit.run)

found = {}
watched = "watch/page.py" if os.path.isdir("pages/watch") else "watch.py"
for name, script, query, slider in (
    ("Watch", watched, {"run": long}, "watch_smoothing"),
    ("Compare", "compare/page.py", {"runs": ",".join(ids)}, "compare_smoothing"),
):
    visit = page(script, **query)
    found[name + ", KIND"] = took(visit.run)
    assert not visit.exception, visit.exception
    found[name + ", redrawn"] = again(visit, slider)
found["CSV of the curve"] = took(lambda: watch.curve_text(workspace, long))
found["`runs`, its answer"] = took(lambda: describe.listing(workspace))
print(json.dumps(found))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, required=True, help="a checkout of the older version")
    parser.add_argument("--runs-dir", type=Path, help="keeps the runs")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    here = Path(__file__).parents[1]
    taken: dict[str, dict[str, list[list[float]]]] = {"before": {}, "now": {}}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(asked.runs_dir or Path(folder))
        ids, long = _known(workspace)
        shutil.rmtree(workspace.cache / "curves", ignore_errors=True)
        for _ in range(asked.rounds):
            for kind in ("first ever", "first"):
                for side, checkout in (("before", asked.before), ("now", here)):
                    for name, both in _take(checkout, workspace, ids, long).items():
                        taken[side].setdefault(name.replace("KIND", kind), []).append(both)
            shutil.rmtree(workspace.cache / "curves", ignore_errors=True)
    print(f"{'ms, clock (processor)':28}{'before':>20}{'now':>20}{'ratio':>9}")
    for name in taken["now"]:
        cells = [[statistics.median(kind) for kind in zip(*taken[side][name], strict=True)] for side in taken]
        told = "".join(f"{clock:11,.0f} ({busy:6,.0f})" for clock, busy in cells)
        print(f"{name:28}{told}{cells[0][1] / cells[1][1]:8.1f}×", flush=True)


def _known(workspace: Workspace) -> tuple[list[str], str]:
    """The runs, made in the first call."""
    note = workspace.path / "long_runs.json"
    if not note.exists():
        note.write_text(json.dumps(_made(workspace)))
    ids, long = json.loads(note.read_text())
    return ids, long


def _made(workspace: Workspace) -> tuple[list[str], str]:
    """The runs of the 16 and the one of two tasks."""
    from tests import builders

    for place in range(SHORT - LONG - 1):
        tasks, rate = ("sst2", "mnli", "sst2,mnli")[place % 3], (1e-4, 5e-5, 3e-5, 2e-5)[place // 5 % 4]
        limits = {"train_limit": 100 + place // 20}
        builders.run(workspace, tasks=tasks, seed=place % 5 + 1, learning_rate=rate, dev=4, **limits)
    ids = [
        builders.run(workspace, seed=place % 4 + 1, learning_rate=(1e-4, 5e-5, 3e-5, 2e-5)[place // 4])
        for place in range(LONG)
    ]
    long = builders.run(workspace, tasks="sst2,mnli")
    for run_id in ids:
        _train_on(workspace, run_id, ("sst2",))
    _train_on(workspace, long, ("sst2", "mnli"))
    return ids, long


def _train_on(workspace: Workspace, run_id: str, tasks: tuple[str, ...]) -> None:
    marks = ", ".join("?" * len(COLUMNS.split(",")))
    with workspace.run(run_id).open() as run_db:
        run_db.execute("DELETE FROM steps")
        run_db.conn.executemany(f"INSERT INTO steps ({COLUMNS}) VALUES ({marks})", _steps(run_id, tasks))
        run_db.conn.commit()


def _steps(run_id: str, tasks: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    noise = random.Random(run_id)
    for step in range(1, STEPS + 1):
        for task in tasks:
            loss = 0.3 + 1.2 * math.exp(-4 * step / STEPS) + noise.gauss(0, 0.1)
            yield step, task, step / 100, loss, 1e-4 * (1 - step / STEPS), 1.2, 32 * step, 800 * step, 90.0, 10**9


def _take(checkout: Path, workspace: Workspace, ids: list[str], long: str) -> dict[str, list[float]]:
    command = [sys.executable, "-c", TAKE, ",".join(ids), long]
    usual = {**os.environ, "TANDEM_RUNS_DIR": str(workspace), "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=usual, text=True, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
