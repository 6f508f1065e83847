"""Where runs lie: the runs folder, each run's folder in it, the caches beside them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtl_core.disk import lock
from mtl_core.errors import RunNotFound, StoreError
from mtl_core.store.run_folder import RunFolder

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds app.py, pages/ and mtl_core/."""
RUN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
CACHE, STUDIES = "cache", "studies"


def default_runs_dir() -> Path:
    """Where runs lie unless something else is said: TANDEM_RUNS_DIR, or `runs/` beside the code."""
    return Path(os.environ.get("TANDEM_RUNS_DIR") or ROOT / "runs").expanduser().absolute()


def cache_dir(runs_dir: Path) -> Path:
    """Encoded data, plans and the catalogue of methods: all of it can be made again."""
    return runs_dir / CACHE


def studies_dir(runs_dir: Path) -> Path:
    """Studies, a file each."""
    return runs_dir / STUDIES


def index_file(runs_dir: Path) -> Path:
    """runs.db; a folder without it holds no runs that anyone knows of."""
    return runs_dir / "runs.db"


def folder_of(runs_dir: Path, run_id: str) -> RunFolder:
    """A run's folder, which need not exist. Raises RunNotFound for what can't be an id, such as "../x"."""
    if not is_run_id(run_id):
        raise RunNotFound(f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")
    return RunFolder(runs_dir, run_id)


def is_run_id(name: str) -> bool:
    """Whether a run could be called so; never true for a path."""
    return name not in (CACHE, STUDIES) and RUN_ID.fullmatch(name) is not None


def run_folders(runs_dir: Path) -> list[RunFolder]:
    """Every folder that is a run: it has a run's name and a config. In the order of their names."""
    if not runs_dir.is_dir():
        return []
    folders = [RunFolder(runs_dir, path.name) for path in sorted(runs_dir.iterdir()) if is_run_id(path.name)]
    return [folder for folder in folders if folder.config.is_file()]


def check(runs_dir: Path) -> None:
    """Makes the runs folder where it is missing. Raises StoreError unless runs can be written and locked there."""
    trial = runs_dir / f".trial-{os.getpid()}"
    with writing(runs_dir):
        runs_dir.mkdir(parents=True, exist_ok=True)
        taken = lock.take(trial)
        if taken is not None:
            os.close(taken)
        trial.unlink(missing_ok=True)


@contextmanager
def writing(runs_dir: Path) -> Iterator[None]:
    """Raises StoreError, with the reason, where something inside could not be written."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"can't use the folder {runs_dir}: {error.strerror or error}. "
            "Give a folder that can be written, with --runs-dir."
        ) from error
