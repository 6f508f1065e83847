"""Names, tags and notes: in the run's folder, in the index, and back after the index was lost."""

from __future__ import annotations

import pytest

from mtl_core.errors import InvalidConfig, RunNotFound, StoreError
from mtl_core.store import labels, runs
from mtl_core.store.reindex import reindex
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from tests import builders


def row(workspace: Workspace, run_id: str) -> Run:
    with workspace.read() as index:
        return runs.get(index, run_id)


def test_labels_outlive_the_index(workspace: Workspace) -> None:
    run = builders.run(workspace)
    labels.change(workspace, run, name="  The   one ", tags=["paper", "Paper", "a,b"], note=" for table 2\n")
    labels.change(workspace, run, add=["new"], remove=["PAPER"])
    known = row(workspace, run)
    assert (known.title, known.tags, known.note) == ("The one", ("a", "b", "new"), "for table 2")
    workspace.index_file.unlink()
    reindex(workspace, "here")
    again = row(workspace, run)
    assert (again.title, again.tags, again.note) == (known.title, known.tags, known.note)
    assert again.disk_bytes == workspace.run(run).size()


def test_without_a_name_a_run_has_its_own_again(workspace: Workspace) -> None:
    run = builders.run(workspace, name="as launched")
    labels.change(workspace, run, name="other")
    assert row(workspace, run).title == "other"
    labels.change(workspace, run, name="")
    assert row(workspace, run).title == "as launched"


def test_what_is_too_long_or_nowhere_is_told(workspace: Workspace) -> None:
    run = builders.run(workspace)
    with pytest.raises(InvalidConfig) as told:
        labels.change(workspace, run, name="x" * 121, tags=["y" * 41], note="z" * 4001)
    assert [fault.field for fault in told.value.faults] == ["name", "tags", "note"]
    assert row(workspace, run).title == "sst2 · single · seed 1"
    with pytest.raises(RunNotFound, match="there is no run 'abcdefgh'"):
        labels.change(workspace, "abcdefgh", name="x")
    workspace.run(run).labels.write_text("[", "utf-8")
    with pytest.raises(StoreError, match=r"labels\.json can't be read"):
        labels.change(workspace, run, name="x")


def test_half_a_character_is_no_label(workspace: Workspace) -> None:
    run = builders.run(workspace)
    with pytest.raises(InvalidConfig) as caught:
        labels.change(workspace, run, name="a\ud83d", tags=["b\0"], note="\udc80")
    half = "holds half a character (a lone surrogate). Type it again."
    assert [str(fault) for fault in caught.value.faults] == [
        f"name: {half}",
        f"note: {half}",
        "tags: holds a NUL character. Take it out.",
    ]
    with pytest.raises(StoreError, match="which no database takes"):
        row(workspace, "\ud83d")
