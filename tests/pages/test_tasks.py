"""The Tasks page: the list, a task out of a file with all guesses filled in, its checks and its rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core import registry
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
    assert len(app.dataframe[0].value) == 8
    app.text_input(key="tasks_title").set_value("Support tickets").run(timeout=60)
    app.button(key="tasks_add").click().run(timeout=60)
    assert not app.exception
    found = tasks.use(workspace).definition("tickets")
    assert found is not None
    assert (found["task"]["title"], found["counts"]) == ("Support tickets", {"train": 108, "dev": 12})
    assert "tickets" in app.query_params["task"]
    assert "Support tickets" in said(app)


def test_what_can_not_be_read_is_said(visit: Visit, tmp_path: Path) -> None:
    app = opened(visit, add="1")
    app.segmented_control(key="tasks_way").set_value("path").run(timeout=60)
    app.text_input(key="tasks_path").set_value(str(tmp_path / "none.csv")).run(timeout=60)
    assert f"there is no file '{tmp_path / 'none.csv'}'. Give the path of one." in said(app)


def test_a_task_that_is_none_is_said(visit: Visit) -> None:
    assert "no task called 'tickts'" in said(opened(visit, task="tickts"))
