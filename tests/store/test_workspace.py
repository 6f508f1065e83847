from __future__ import annotations

from pathlib import Path

import pytest

import mtl_core
from mtl_core.errors import RunNotFound, StoreError
from mtl_core.store.workspace import Workspace


def test_the_default_is_runs_beside_the_code_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TANDEM_RUNS_DIR", raising=False)
    assert Workspace.default() == Workspace(Path(mtl_core.__file__).parents[1] / "runs")
    monkeypatch.setenv("TANDEM_RUNS_DIR", str(tmp_path))
    assert Workspace.default() == Workspace(tmp_path)


@pytest.mark.parametrize("name", ["../x", "..", "a/b", "", "/etc", "A", "a" * 65, "cache", ".trial-1", "x\n"])
def test_what_is_no_id_never_becomes_a_path(name: str, workspace: Workspace) -> None:
    with pytest.raises(RunNotFound) as caught:
        workspace.run(name)
    assert str(caught.value) == f"there is no run '{name}'. `python -m mtl_core runs` lists them."


def test_folders_of_runs_have_a_config(workspace: Workspace) -> None:
    for name in ("b2", "a1", "cache", "empty"):
        (workspace.path / name).mkdir()
    for name in ("b2", "a1", "cache"):
        (workspace.path / name / "config.json").write_text("{}")
    assert [folder.id for folder in workspace.runs()] == ["a1", "b2"]
    assert Workspace(workspace.path / "nowhere").runs() == []


def test_check_makes_the_folder_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    Workspace(tmp_path / "deep" / "runs").check()
    assert list((tmp_path / "deep" / "runs").iterdir()) == []


def test_a_folder_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError) as caught:
        Workspace(file / "runs").check()
    assert str(caught.value) == (
        f"can't use the folder {file / 'runs'}: Not a directory. Give a folder that can be written, with --runs-dir."
    )
