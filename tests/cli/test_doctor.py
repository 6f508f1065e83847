from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mtl_core.cli import doctor
from mtl_core.store.workspace import Workspace
from tests import builders


def states(workspace: Workspace) -> dict[str, tuple[str, str]]:
    return {finding.name: (finding.state, finding.words) for finding in doctor.examine(workspace)}


def test_a_machine_that_works(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    lost = builders.run(workspace)
    builders.run(workspace, seed=2)
    astray = builders.run(Workspace(workspace.path / "other"))
    shutil.rmtree(workspace.path / lost)
    shutil.move(workspace.path / "other" / astray, workspace.path / astray)
    found = states(workspace)
    for name in ("packages", "torch", "cpu", "built-in encoder", "disk", "runs folder"):
        assert found[name][0] == "ok", found[name]
    assert found["store"] == (
        "note",
        f"2 finished; no folder for {lost}; not in the index: {astray}. "
        "`python -m mtl_core reindex` brings them in line.",
    )
    assert found["hub"][0] in ("ok", "note")


def test_a_store_that_is_damaged(workspace: Workspace) -> None:
    (workspace.path / "runs.db").write_text("not a database, " * 100)
    found = doctor._store(workspace)
    assert found.state == "fault"
    assert found.words.endswith("`python -m mtl_core reindex` moves it aside and rebuilds it.")


def test_a_runs_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = Workspace(tmp_path / "runs")
    found = doctor._folder(missing)
    assert (found.state, found.words) == ("note", f"{missing} is not there yet; the first run makes it")
    assert doctor._store(missing).words == "no runs yet"
    assert doctor._disk(missing).state == "ok"
    assert not missing.path.exists()
