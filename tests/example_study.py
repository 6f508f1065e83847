"""Trains the example study that comes with the product, and packs it.

    python -m tests.example_study FOLDER      # an empty runs folder; about ten minutes on two idle cores

It is the study of the command below, as anybody can make it. Only the ids of its runs are chosen, so that they tell
what they are.
"""

from __future__ import annotations

import io
import json
import shlex
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from mtl_core.cli import main as tandem
from mtl_core.jobs import sealing
from mtl_core.store import runs, studies
from mtl_core.store.workspace import Workspace

ARCHIVE = Path(__file__).parents[1] / "mtl_core" / "store" / "example" / "study.tar.xz"
COMMAND = (
    "study --tasks sst2,mnli --source sample --train-limit 2000 --learning-rate 1e-4 --seeds 3 "
    '--name "Example: does sentiment get better with inference?"'
)
STUDY, RUN = "example", "example-{}"
KEPT = ("config.json", "report.json", "log.txt")
"""Files of a run that are packed as they are; beside them its run.db. Checkpoints are not."""


def train(workspace: Workspace) -> None:
    """The study, to its end, with runs called example-1, example-2, …"""
    given = _ids(runs.new_id())
    runs.new_id = lambda: next(given)
    if code := tandem([*shlex.split(COMMAND), "--runs-dir", str(workspace)]):
        sys.exit(code)


def _ids(study: str) -> Iterator[str]:
    yield study
    yield from map(RUN.format, count(1))


def pack(workspace: Workspace) -> None:
    """Puts the study and its runs, without weights, where the product has them."""
    [study], _ = studies.listing(workspace)
    sealing.note(workspace, study.id)  # the last run's process may not have come to it yet
    document = json.loads((workspace.studies / f"{study.id}.json").read_text("utf-8"))
    with tarfile.open(ARCHIVE, "w:xz", preset=9) as archive:
        _add(archive, f"studies/{STUDY}.json", json.dumps({**document, "id": STUDY}, indent=2, ensure_ascii=False))
        for run_id in study.run_ids():
            folder = workspace.run(run_id)
            for name in KEPT:
                _add(archive, f"{run_id}/{name}", (folder.path / name).read_bytes())
            _add(archive, f"{run_id}/run.db", _compact(folder.database))
    print(f"{ARCHIVE}: {ARCHIVE.stat().st_size / 1000:.0f} kB")


def _add(archive: tarfile.TarFile, name: str, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def _compact(database: Path) -> bytes:
    """The database as one file without free pages."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "run.db"
        connection = sqlite3.connect(database)
        connection.execute("VACUUM INTO ?", [str(target)])
        connection.close()
        return target.read_bytes()


if __name__ == "__main__":
    place = Workspace(Path(sys.argv[1]).absolute())
    if not studies.listing(place)[0]:
        train(place)
    pack(place)
