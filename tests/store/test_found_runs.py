"""Runs found by words and fields, sorted and paged in SQL; what still needs a run."""

from __future__ import annotations

from typing import Any

import pytest

from mtl_core.errors import InvalidConfig
from mtl_core.store import found_runs, index, labels, needs, run_filter, runs
from mtl_core.store.run_filter import RunFilter, parse
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.studies import building


@pytest.fixture
def made(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Five runs by what they are; the studies folder has one with two of them."""
    folder = tmp_path_factory.mktemp("glue_100%")
    ids = {
        "alone": builders.run(workspace, accuracy=0.6),
        "pair": builders.run(workspace, tasks="sst2,mnli", accuracy=0.9),
        "pcgrad": builders.run(workspace, tasks="sst2,mnli", balancing="pcgrad", seed=2, accuracy=0.8),
        "stopped": builders.run(workspace, tasks="squad", state="stopped", seed=2),
        "folder": builders.run(workspace, source="folder", data=str(folder), state="failed"),
    }
    labels.change(workspace, ids["alone"], name="A baseline", tags=["Paper", "first try"], note="for table 2")
    return ids


def made_data(workspace: Workspace, run: str) -> str:
    with workspace.read() as db:
        return str(runs.get(db, run).config.data)


def found(workspace: Workspace, made: dict[str, str], text: str, **options: Any) -> list[str]:
    names = {run: name for name, run in made.items()}
    with workspace.read() as db:
        return [names[run.id] for run in found_runs.listing(db, parse(text), **options)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["folder", "stopped", "pcgrad", "pair", "alone"]),
        ("state=finished", ["pcgrad", "pair", "alone"]),
        ("state=stopped,failed", ["folder", "stopped"]),
        ("task=mnli seed=2", ["pcgrad"]),
        ("recipe=hard", ["pair"]),
        ('recipe="hard · pcgrad"', ["pcgrad"]),
        ("method=hard", ["pcgrad", "pair"]),
        ("method=hard method=pcgrad", ["pcgrad"]),
        ("tag=paper", ["alone"]),
        ('tag="first try"', ["alone"]),
        ('"table 2"', ["alone"]),
        ("table pcgrad", []),
        ("BASELINE", ["alone"]),
        ("data=sample state=stopped", ["stopped"]),
        ("100%", ["folder"]),
        ("100_", []),
        ("%", ["folder"]),
        ("'; DROP TABLE runs", []),
        ("encoder=EMBEDDED task=squad", ["stopped"]),
    ],
)
def test_a_filter_finds(workspace: Workspace, made: dict[str, str], text: str, names: list[str]) -> None:
    assert found(workspace, made, text) == names


def test_a_filter_that_is_typed_wrong_is_told() -> None:
    with pytest.raises(InvalidConfig) as told:
        parse("tak=sst2 state=done")
    assert [fault.message for fault in told.value.faults] == [
        "no field called 'tak'. Did you mean 'task'?",
        "no state called 'done'. Choose from failed, finished, lost, queued, running, stopped.",
    ]
    assert parse('tag="a, b" x') == RunFilter(words=("x",), tags=("a, b",))


def test_runs_are_sorted_by_any_column_and_empty_ones_come_last(workspace: Workspace, made: dict[str, str]) -> None:
    assert found(workspace, made, "", order="score")[:3] == ["pair", "pcgrad", "alone"]
    assert found(workspace, made, "", order="score", descending=False)[:3] == ["alone", "pcgrad", "pair"]
    assert found(workspace, made, "", order="score")[3:] == ["folder", "stopped"]
    assert found(workspace, made, "", order="name", descending=False)[0] == "alone"
    assert found(workspace, made, "", order="state", descending=False)[0] == "stopped"
    members = [("s1", "A study", made["pair"])]
    assert found(workspace, made, "", members=members, order="study")[0] == "pair"
    assert found(workspace, made, 'study="a study"', members=members) == ["pair"]
    assert found(workspace, made, "", order="created", descending=False, limit=2, offset=1) == ["pair", "pcgrad"]
    for order in found_runs.ORDERS:
        assert sorted(found(workspace, made, "", order=order)) == sorted(made)


def test_values_that_a_filter_can_ask_for(workspace: Workspace, made: dict[str, str]) -> None:
    assert made
    with workspace.read() as db:
        options = found_runs.options(db)
        total = found_runs.total(db, parse("state=finished"))
    assert options["states"] == ["stopped", "finished", "failed"]
    assert options["tasks"] == ["mnli", "squad", "sst2"]
    assert options["tags"] == ["first try", "Paper"]
    assert options["data"] == [made_data(workspace, made["folder"]), "sample"]
    assert total.count == 3


def test_an_index_of_an_earlier_version_is_filled_in(workspace: Workspace, made: dict[str, str]) -> None:
    with workspace.write() as db:
        for column in ("tasks", "recipe", "data", "note", "tags", "disk_bytes", "freed"):
            db.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm008_found_runs'")
    assert found(workspace, made, "method=pcgrad") == ["pcgrad"]
    with workspace.read() as db:
        assert runs.get(db, made["pair"]).disk_bytes == workspace.run(made["pair"]).size()
        assert not index.migrations.pending(db)


def test_who_needs_a_run_is_named(workspace: Workspace) -> None:
    study = building.pair(workspace, seeds=(1,))
    [alone, *_] = study.run_ids()
    later = builders.run(workspace, state="queued", start_from=alone)
    done = builders.run(workspace, start_from=f"{alone}:sst2", seed=9)
    assert [need.words for need in needs.of_runs(workspace, [alone])] == [
        f"the study '{study.config.name}' ({study.id}) loses seed 1 of 'sst2 alone', the run 'sst2 alone · seed 1' "
        f"({alone})",
        f"the run 'sst2 · single · seed 1' ({later}), queued, starts from 'sst2 alone · seed 1' ({alone})",
    ]
    assert needs.of_runs(workspace, [later, done]) == []
    assert [need.by for need in needs.of_runs(workspace, [alone, later])] == [study.id]
    assert run_filter.TYPED.keys() >= {"state", "task", "tag"}
