"""Seconds from the click on Launch to the first point on the curve, once the data is encoded, and where they go.

    python benchmarks/launch_time.py --data DIR

The click is the moment at which the run is handed to the queue; the point is there when it can be read from the
run's own database, as the Watch page does. The dashboard keeps a process ready that has its libraries loaded; runs
that wait in the queue start without one.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import side_by_side

from mtl_core.records import LIVE, RunState
from mtl_core.store.workspace import Workspace

LOADING = 10.0
"""Seconds after which a process that is kept ready has loaded its libraries."""


def main() -> None:
    parser = side_by_side.options(__doc__)
    parser.add_argument("--tasks", default="sst2,mnli")
    told = parser.parse_args()
    values = {**side_by_side.base(told), "tasks": told.tasks, "train_limit": 2000}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        first = _launch(workspace, values)
        print(f"with nothing encoded yet: {first:.1f} s")
        for ready in (False, True):
            found = sorted(_launch(workspace, values, ready=ready) for _ in range(told.rounds))
            words = "with a process kept ready" if ready else "from nothing"
            print(f"{words}: {found[len(found) // 2]:.1f} s, range {found[0]:.1f}–{found[-1]:.1f}")


def _launch(workspace: Workspace, values: dict[str, object], *, ready: bool = False) -> float:
    from mtl_core.config import run as configs
    from mtl_core.jobs import control, prewarm, queue
    from mtl_core.store import runs

    if ready:
        prewarm.keep()
        time.sleep(LOADING)
    began = time.perf_counter()
    [run_id] = queue.submit(workspace, [configs.parse(values)])
    folder = workspace.run(run_id)
    while not _has_steps(folder):
        time.sleep(0.02)
    took = time.perf_counter() - began
    control.request_stop(workspace, run_id)
    state = RunState.RUNNING
    while state in LIVE:
        time.sleep(0.1)
        with workspace.read() as index:
            state = runs.get(index, run_id).state
    print(folder.log.read_text("utf-8").replace("\n", "\n    "))
    return took


def _has_steps(folder: object) -> bool:
    from mtl_core.store.run_folder import RunFolder

    assert isinstance(folder, RunFolder)
    if not folder.database.exists():
        return False
    with folder.open() as run_db:
        return bool(run_db.execute("SELECT count(*) FROM steps").fetchone()[0])


if __name__ == "__main__":
    main()
