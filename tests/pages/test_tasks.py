"""The Tasks page: the list, a task out of a file with all guesses filled in, its checks and its rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core import registry
from mtl_core.errors import InvalidConfig
from mtl_core.services import tasks as service
from mtl_core.store import tasks
from mtl_core.store.workspace import Workspace
from tests.own_tasks import tickets, write_csv
from tests.pages.conftest import Visit, html, said


@pytest.fixture(autouse=True)
def _no_tasks_left() -> Iterator[None]:
    yield
    registry.look_in(None)


def opened(visit: Visit, **query: str) -> AppTest:
    app = visit("tasks/page.py")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run(timeout=60)


def test_the_list_has_what_comes_with_the_product(visit: Visit) -> None:
    app = opened(visit)
    assert "None of your own yet" in said(app)
    assert html(app).count("generated sample") == 8
    assert "table.results" in html(app)
    assert all(f"tasks?task={name}" in html(app) for name in registry.own_names("tasks"))


def test_a_file_becomes_a_task_without_a_word(visit: Visit, workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "data" / "tickets.csv", tickets(120))
    app = opened(visit, add="1")
    app.segmented_control(key="tasks_way").set_value("path").run(timeout=60)
    app.text_input(key="tasks_path").set_value(str(path)).run(timeout=60)
    assert app.text_input(key="tasks_name").value == "tickets"
    assert app.selectbox(key="tasks_kind").value == "classification"
    assert app.multiselect(key="tasks_inputs").value == ["text"]
    assert app.selectbox(key="tasks_answer").value == "label"
    assert "**108** training and **12** dev rows" in said(app)
    assert "Answers from label. Not used: id" in said(app)
    assert len(app.dataframe[0].value) == 8
    app.text_input(key="tasks_title").set_value("Support tickets").run(timeout=60)
    app.button(key="tasks_add").click().run(timeout=60)
    assert not app.exception
    found = tasks.use(workspace).definition("tickets")
    assert found is not None
    assert (found["task"]["title"], found["counts"]) == ("Support tickets", {"train": 108, "dev": 12})
    assert "tickets" in app.query_params["task"]
    assert "Support tickets" in said(app)
    assert "a table with semicolons between columns, utf-8; quotation marks enclose fields" in said(app)


def test_what_can_not_be_read_is_said(visit: Visit, tmp_path: Path) -> None:
    app = opened(visit, add="1")
    app.segmented_control(key="tasks_way").set_value("path").run(timeout=60)
    app.text_input(key="tasks_path").set_value(str(tmp_path / "none.csv")).run(timeout=60)
    assert f"**Data**: there is no file '{tmp_path / 'none.csv'}'. Give the path of one." in said(app)


def test_a_task_that_is_none_is_said(visit: Visit) -> None:
    assert "no task called 'tickts'" in said(opened(visit, task="tickts"))


def test_a_task_goes_to_a_colleague_as_one_file(workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "data" / "tickets.csv", tickets(60))
    name = service.added(workspace, {"what": str(path), "copy": True})
    theirs = Workspace(tmp_path / "theirs")
    for with_data, data in ((True, ""), (False, str(path))):
        file = tmp_path / f"{with_data}.tandem-task"
        file.write_bytes(service.exported(workspace, name, with_data=with_data))
        assert service.imported(theirs, file, f"copy_{with_data}".lower(), data, "") == f"copy_{with_data}".lower()
    found = [tasks.TaskShelf(workspace).definition(name)]
    found += [tasks.TaskShelf(theirs).definition(copy) for copy in ("copy_true", "copy_false")]
    assert len({one["data"]["train"]["sha256"] for one in found if one}) == 1
    assert None not in found
    with pytest.raises(InvalidConfig, match="there is a task 'copy_true' already"):
        service.imported(theirs, tmp_path / "True.tandem-task", "copy_true", "", "")
    assert (theirs.path / "tasks" / "copy_true").is_dir()


def test_a_colleague_s_file_has_a_place_in_the_form(visit: Visit) -> None:
    app = opened(visit, add="1")
    app.segmented_control(key="tasks_way").set_value("task").run(timeout=60)
    assert not app.exception
    assert "are read off the content" not in said(app)
