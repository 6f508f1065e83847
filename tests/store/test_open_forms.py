"""Open forms in the runs folder."""

from __future__ import annotations

import os
from pathlib import Path

from mtl_core.store import open_forms
from mtl_core.store.workspace import Workspace


def test_a_form_keeps_its_id_until_another_tab_writes_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert open_forms.newest(workspace, "launch") is None
    first = open_forms.keep(workspace, "launch", "", {"epochs": 2}, "")
    second = open_forms.keep(workspace, "launch", first.id, {"epochs": 3}, first.stamp)
    assert second.id == first.id
    other = open_forms.keep(workspace, "launch", first.id, {"epochs": 9}, first.stamp)  # as the other tab knows it
    assert other.id != first.id
    assert open_forms.read(workspace, "launch", first.id) == second
    assert open_forms.read(workspace, "study", first.id) is None


def test_old_forms_go(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for number in range(open_forms.MOST + 3):
        form = open_forms.keep(workspace, "launch", "", {"epochs": number}, "")
        os.utime(workspace.forms / f"launch-{form.id}.json", (number, number))
    newest = open_forms.newest(workspace, "launch")
    assert newest is not None
    assert newest.values == {"epochs": open_forms.MOST + 2}
    assert len(list(workspace.forms.iterdir())) == open_forms.MOST
    assert workspace.runs() == []
