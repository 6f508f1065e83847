from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mtl_core.cli import doctor
from mtl_core.store.workspace import Workspace
from tests import builders


def states(workspace: Workspace) -> dict[str, tuple[str, str]]:
    return {finding.name: (finding.state, finding.words) for finding in doctor.examine(workspace)}


def test_a_machine_that_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    lost = builders.run(Workspace(tmp_path))
    builders.run(Workspace(tmp_path), seed=2)
    astray = builders.run(tmp_path / "other")
    shutil.rmtree(tmp_path / lost)
    shutil.move(tmp_path / "other" / astray, tmp_path / astray)
    found = states(Workspace(tmp_path))
    for name in ("packages", "torch", "cpu", "embedded encoder", "disk", "runs folder"):
        assert found[name][0] == "ok", found[name]
    assert found["store"] == (
        "note",
        f"2 finished; no folder for {lost}; not in the index: {astray}. "
        "`python -m mtl_core reindex` brings them in line.",
    )
    assert found["hub"][0] in ("ok", "note")


def test_a_store_that_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_text("not a database, " * 100)
    found = doctor._store(Workspace(tmp_path))
    assert found.state == "fault"
    assert found.words.endswith("`python -m mtl_core reindex` keeps it aside and makes it anew.")


def test_a_runs_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = doctor._folder(tmp_path / "runs")
    assert (found.state, found.words) == ("note", f"{tmp_path / 'runs'} is not there yet; the first run makes it")
    assert doctor._store(tmp_path / "runs").words == "no runs yet"
    assert doctor._disk(tmp_path / "runs").state == "ok"
    assert not (tmp_path / "runs").exists()
