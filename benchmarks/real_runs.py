"""Runs on real data by the command line, each trained once: what the benchmarks that print tables of scores share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtl_core.records import RunState

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def trained(name: str, settings: Sequence[str], workspace: str, *, one_thread: bool = False) -> dict[str, Any]:
    """What `show` tells of the finished run of that name; trained first where the runs folder has none."""
    known = [run for run in _ask("runs", "--runs-dir", workspace) if run["title"] == name]
    run_id = next((run["id"] for run in known if run["state"] == RunState.FINISHED), None)
    if run_id is None:
        print(f"training {name}", file=sys.stderr, flush=True)
        command = ["train", *settings, "--name", name, "--runs-dir", workspace]
        run_id = _ask(*command, one_thread=one_thread)["id"]
    shown: dict[str, Any] = _ask("show", run_id, "--runs-dir", workspace)
    return shown


def _ask(*arguments: str, one_thread: bool = False) -> Any:
    environment = {**os.environ, **({"OMP_NUM_THREADS": "1"} if one_thread else {})}
    command = [sys.executable, "-m", "mtl_core", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return json.loads(done.stdout)
