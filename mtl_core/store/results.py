"""A run's results, copied from its folder into the index."""

from __future__ import annotations

from sqlite_utils import Database

from mtl_core.store import predictions, scores, vectors
from mtl_core.store.run_folder import RunFolder


def publish(index: Database, folder: RunFolder) -> None:
    """Replaces what the index knows of a run's draws, scores, examples and predictions."""
    with folder.open() as run_db:
        predictions.publish(index, run_db, folder.id)
        scores.publish(index, run_db, folder.id)
    vectors.publish(index, folder.id)
