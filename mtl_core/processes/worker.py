"""Trains one run in the background: `python -m mtl_core.processes.worker --runs-dir DIR --lock DESCRIPTOR RUN`.

Started by the run's keeper, which has inherited the run's lock and hands it on.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from mtl_core.processes.stop import Stop

NICENESS = 10
"""Runs on the CPU stand back behind pages that someone clicks in."""


def main(arguments: list[str]) -> int:
    """Exit code 0 however the run ends, as its state says how; 1 where it is not this process's to train."""
    parser = argparse.ArgumentParser(description="Trains one run that jobs.queue has started.")
    parser.add_argument("--runs-dir", type=Path, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("run")
    asked = parser.parse_args(arguments)
    os.set_inheritable(asked.lock, False)
    stop = Stop(told=lambda words: print(words, flush=True))
    stop.listen()  # before anything slow is imported
    return _work(asked.runs_dir, asked.run, asked.lock, stop)


def _work(runs_dir: Path, run_id: str, held: int, stop: Stop) -> int:
    from mtl_core.processes.one_run import carry_out
    from mtl_core.store import queue
    from mtl_core.store.database import immediate
    from mtl_core.store.index import open_index

    with open_index(runs_dir) as index, immediate(index):  # waits until the launcher has committed
        run = queue.find(index, run_id)
    if run is None or run.state != "running":
        print(f"run '{run_id}' was not started by the queue", flush=True)
        return 1
    if run.device == "cpu":
        os.nice(NICENESS)
    carry_out(runs_dir, run, held, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
