"""Forms remember: over pages, a refresh and tabs; and they ask before they complain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.store.workspace import Workspace
from tests import builders
from tests.pages.conftest import Visit, asked, faults, needed, said


def value(app: AppTest, name: str, kind: str = "number_input") -> Any:
    return getattr(app, kind)(key=f"launch.{name}").value


def typed(app: AppTest, folder: Path, epochs: float) -> str:
    """Types a folder and epochs; the form's id in the link."""
    app.button_group(key="launch.source").set_value("folder").run()
    app.text_input(key="launch.data").set_value(str(folder))
    app.number_input(key="launch.epochs").set_value(epochs).run()
    return str(asked(app, "form"))


def test_a_folder_is_there_after_another_page_and_after_a_refresh(launch: Visit, tmp_path: Path) -> None:
    app = launch()
    assert asked(app, "form") is None  # nothing typed, nothing kept
    form = typed(app, tmp_path, 2.5)
    app.switch_page("watch/page.py").run()
    app.switch_page("launch/page.py").run()
    assert (value(app, "data", "text_input"), value(app, "epochs")) == (str(tmp_path), 2.5)
    refreshed = launch(form=form)
    assert (value(refreshed, "data", "text_input"), value(refreshed, "epochs")) == (str(tmp_path), 2.5)
    assert "Filled with" not in said(refreshed)
    assert not refreshed.exception


def test_a_new_tab_begins_with_what_was_last_used_and_starts_over(launch: Visit, tmp_path: Path) -> None:
    form = typed(launch(), tmp_path, 2.5)
    app = launch()
    assert (value(app, "data", "text_input"), value(app, "epochs")) == (str(tmp_path), 2.5)
    assert "Filled with the settings last used, just now." in said(app)
    app.button(key="launch_start_over").click().run()
    assert (value(app, "source", "button_group"), value(app, "epochs")) == ("sample", 1.0)
    assert app.button(key="launch_start_over").disabled
    assert value(launch(), "epochs") == 1.0  # a new tab too
    assert value(launch(form=form), "epochs") == 2.5  # the other tab's own form is as it was


def test_two_tabs_leave_each_other_alone(launch: Visit, tmp_path: Path) -> None:
    one = launch()
    first = typed(one, tmp_path, 2.5)
    two = launch()
    two.number_input(key="launch.epochs").set_value(4.0).run()
    one.number_input(key="launch.batch_size").set_value(16).run()
    assert (value(one, "epochs"), value(two, "epochs"), value(two, "batch_size")) == (2.5, 4.0, 32)
    assert asked(one, "form") == first != asked(two, "form")
    copied = launch(form=first)  # a tab that was opened as a copy of the first
    copied.number_input(key="launch.epochs").set_value(7.0).run()
    one.number_input(key="launch.epochs").set_value(3.0).run()
    assert asked(one, "form") != asked(copied, "form")
    assert value(launch(form=str(asked(one, "form"))), "epochs") == 3.0
    assert value(launch(form=str(asked(copied, "form"))), "epochs") == 7.0


def test_a_link_from_a_run_wins(launch: Visit, workspace: Workspace, tmp_path: Path) -> None:
    typed(launch(), tmp_path, 2.5)
    app = launch(**{"from": builders.run(workspace, tasks="squad,mnli", batch_size=8)})
    assert (value(app, "source", "button_group"), value(app, "epochs"), value(app, "batch_size")) == ("sample", 1.0, 8)
    assert value(app, "tasks", "button_group") == ["squad", "mnli"]


@pytest.mark.parametrize("content", ["", "[1]", '{"values": {"epochs": "x", "precision": "fp8", "data": 3, "?": 1}}'])
def test_what_was_kept_and_makes_no_sense_is_left_out(content: str, launch: Visit, workspace: Workspace) -> None:
    workspace.forms.mkdir()
    (workspace.forms / "launch-0123456789.json").write_text(content.replace("}}", '}, "stamp": ""}'))
    app = launch(form="0123456789")
    assert not app.exception
    assert (value(app, "epochs"), value(app, "precision", "button_group")) == (1.0, "fp32")
    assert not launch(form="../../etc/passwd").exception


def test_nothing_is_red_before_something_was_typed(launch: Visit) -> None:
    app = launch()
    app.button_group(key="launch.source").set_value("folder").run()
    assert faults(app) == []
    assert needed(app) == ["The source 'folder' needs a folder. Give the one that holds the files."]
    assert "To fill in: [Data folder](#fault-data)" in said(app)
    assert app.button(key="launch_start").disabled
    app.text_input(key="launch.data").set_value("/no/such/place").run()
    assert faults(app) == ["There is no folder '/no/such/place'. Give the one that holds the files."]
    assert "To fix: [Data folder](#fault-data)" in said(app)


def test_folders_are_browsed_and_offered_again(
    launch: Visit, workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, used = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("used")
    (root / "data" / "SST-2").mkdir(parents=True)
    monkeypatch.setenv("TANDEM_STARTED_IN", str(root))
    monkeypatch.setenv("HOME", str(root))
    builders.run(workspace, source="folder", data=str(used))
    app = launch()
    app.button_group(key="launch.source").set_value("folder").run()
    app.button(key=f"launch_recent_{used}").click().run()
    assert value(app, "data", "text_input") == str(used)
    app.session_state["launch_browse"] = True  # a click opens it
    app.run()
    app.button(key=f"launch_browsed_{root}").click().run()
    app.button(key=f"launch_browsed_{root / 'data'}").click().run()
    assert not app.exception  # the folder above is a root: two buttons lead there
    assert "No task's files are here." in said(app)
    app.button(key="launch_browsed_use").click().run()
    assert not app.exception
    assert value(app, "data", "text_input") == str(root / "data")
    assert not app.session_state["launch_browse"]


def test_a_study_s_form_remembers_too(study_page: Visit, tmp_path: Path) -> None:
    app = study_page(new="1")
    app.button(key="study_preset_paper").click().run()
    app.button_group(key="study.source").set_value("folder").run()
    app.text_input(key="study.data").set_value(str(tmp_path))
    app.text_input(key="study.title").set_value("Mine").run()
    refreshed = study_page(new="1", form=str(asked(app, "form")))
    assert (refreshed.text_input(key="study.data").value, refreshed.text_input(key="study.title").value) == (
        str(tmp_path),
        "Mine",
    )
    assert refreshed.button(key="study_preset_paper").icon
    another = study_page(new="1")
    assert (another.text_input(key="study.data").value, another.text_input(key="study.title").value) == (
        str(tmp_path),
        "",
    )
