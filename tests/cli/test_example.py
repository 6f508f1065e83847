"""The example from a terminal: marked where it is listed, shown and hidden as a whole."""

from __future__ import annotations

import json

import pytest

from mtl_core.cli import main
from mtl_core.store.workspace import Workspace
from tests import builders


def said(capsys: pytest.CaptureFixture[str], workspace: Workspace, *arguments: str) -> str:
    assert main([*arguments, "--runs-dir", str(workspace)]) == 0
    return capsys.readouterr().out


def test_it_is_listed_only_marked_and_behind_own_runs(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    own = builders.run(workspace)
    assert said(capsys, workspace, "example").startswith("the example study is hidden.")
    assert "example" not in said(capsys, workspace, "runs")
    assert said(capsys, workspace, "example", "--show").startswith("the example study is shown.")
    lines = said(capsys, workspace, "runs").splitlines()[1:]
    assert lines[0].startswith(own)
    assert all(line.startswith("example-") and "Example · " in line for line in lines[1:])
    assert "Example: does sentiment get better with inference?" in said(capsys, workspace, "study", "--list")
    assert "generated sample" in said(capsys, workspace, "verdict", "example")


def test_it_goes_and_says_so(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    main(["example", "--show", "--runs-dir", str(workspace)])
    capfd.readouterr()
    assert main(["predict", "example-1", "--task", "sst2", "--text", "Fine.", "--runs-dir", str(workspace)]) == 2
    assert "the weights of the run example-1 are not here. Choose another run." in capfd.readouterr().err
    assert main(["study", "--resume", "example", "--runs-dir", str(workspace)]) == 2
    assert "the example study can't be changed. Copy it to make it yours" in capfd.readouterr().err
    assert main(["example", "--hide", "--json", "--runs-dir", str(workspace)]) == 0
    assert json.loads(capfd.readouterr().out) == {"study": "example", "shown": False}
    assert main(["runs", "--json", "--runs-dir", str(workspace)]) == 0
    assert json.loads(capfd.readouterr().out) == []
