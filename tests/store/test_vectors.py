from __future__ import annotations

import numpy as np

from mtl_core.store import runs, vectors
from mtl_core.store.index import migrations
from mtl_core.store.workspace import Workspace
from tests import builders


def test_vectors_say_what_the_predictions_say(workspace: Workspace) -> None:
    first, second = (builders.run(workspace, tasks="sst2,mnli", seed=seed) for seed in (1, 2))
    short = builders.run(workspace, dev=10)
    with workspace.write() as index:
        for run in (first, second, short):
            vectors.publish(index, run)
        found = vectors.of_runs(index, [first, second, short, "none2222"], "sst2")
        assert set(found) == {first, second, short}
        rows = index.execute(
            "SELECT example, score FROM predictions WHERE run = ? AND task = 'sst2' ORDER BY example", [first]
        ).fetchall()
        np.testing.assert_allclose(found[first].scores, [score for _, score in rows])
        assert vectors.example_ids(index, first, "sst2") == [example for example, _ in rows]
        assert found[first].examples == found[second].examples != found[short].examples
        runs.delete(index, first)
        assert set(vectors.of_runs(index, [first, second], "sst2")) == {second}


def test_an_index_of_an_earlier_version_gets_vectors(workspace: Workspace) -> None:
    run = builders.run(workspace)
    with workspace.write() as index:
        index.execute("DROP TABLE vectors")
        index.execute("DELETE FROM _sqlite_migrations WHERE name IN ('m005_vectors', 'm006_contributions')")
        index.conn.commit()
        assert [one.name for one in migrations.pending(index)] == ["m005_vectors", "m006_contributions"]
    with workspace.write() as index:
        assert len(vectors.of_runs(index, [run], "sst2")[run].scores) == 40
