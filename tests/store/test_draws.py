"""What a run draws, counted, kept, and said."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mtl_core.records import Draw
from mtl_core.store import run_database, scores
from mtl_core.store.scores import remarks
from mtl_core.store.workspace import Workspace


def draw(planned: int, actual: int = 0, asked: float = 1.0, task: str = "mnli", steps: int = 10) -> Draw:
    done = round(steps * actual / planned) if planned else 0
    return Draw(task, steps, planned, done, actual, size=1000, asked_epochs=asked)


def test_epochs_are_examples_over_size() -> None:
    assert (draw(1500, 750).planned_epochs, draw(1500, 750).actual_epochs) == (1.5, 0.75)
    assert Draw("sst2", 10, 320).planned_epochs == 0


@pytest.mark.parametrize(
    ("planned", "asked", "words"),
    [
        (300, 1.0, "mnli is starved: 0.3 of its 1 epoch is drawn"),
        (40, 3.0, "mnli is starved: 0.04 of its 3 epochs are drawn"),
        (0, 1.0, "mnli is starved: 0 of its 1 epoch is drawn"),
        (4200, 1.0, "mnli is repeated: 4.2 epochs of 1"),
        (4200, 2.5, "mnli is repeated: 4.2 epochs of 2.5"),
        (500, 1.0, None),
        (1500, 1.0, None),
    ],
)
def test_a_plan_that_starves_or_repeats_a_task(planned: int, asked: float, words: str | None) -> None:
    assert remarks([draw(planned, asked=asked)]).get("mnli") == words


def test_of_what_was_drawn_as_much_is_due_as_the_run_has_made() -> None:
    """A run that was stopped has starved no task for that alone; one whose task never came has."""
    assert remarks([draw(1000, 200), draw(1000, 200, task="sst2")], drawn=True) == {}
    assert remarks([draw(1000, 0), draw(1000, 800, task="sst2")], drawn=True) == {
        "mnli": "mnli is starved: 0 of its 1 epoch is drawn",
        "sst2": "sst2 is repeated: 0.8 epochs of 1",
    }
    assert remarks([draw(1000, 0)], drawn=True) == {}
    early = [draw(1000, 300), draw(1000, 0, task="sst2")]
    assert remarks(early, drawn=True) == {}, "three tenths of one task are too little of a run to say anything"


def test_what_earlier_versions_have_kept_is_read_and_nothing_is_said_of_it(workspace: Workspace) -> None:
    folder = workspace.run("old")
    folder.path.mkdir()
    db = Database(folder.database)
    run_database.migrations.apply(db, stop_before="m003_epochs")
    db.execute("INSERT INTO draws VALUES ('sst2', 4, 64, 4, 64, 900)")
    db.conn.commit()
    db.close()
    with folder.open() as run_db:
        [kept] = scores.recorded_draws(run_db)
        assert (kept, remarks([kept])) == (Draw("sst2", 4, 64, 4, 64, 900), {})
        with workspace.write() as index:
            index.execute("PRAGMA foreign_keys = OFF")
            scores.publish(index, run_db, "old")
            assert scores.draws_of(index, "old") == [kept]
