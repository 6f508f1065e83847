"""The tasks of a workspace: added, found by name, kept by runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtl_core import registry
from mtl_core.config import run as configs
from mtl_core.data import guess
from mtl_core.errors import InvalidConfig
from mtl_core.store import runs, tasks
from mtl_core.store.tasks import TaskShelf
from mtl_core.store.workspace import Workspace
from tests.own_tasks import tickets, write_csv


@pytest.fixture
def shelf(workspace: Workspace, tmp_path: Path) -> Iterator[TaskShelf]:
    found = tasks.use(workspace)
    found.save(guess.of_files(write_csv(tmp_path / "data" / "tickets.csv", tickets(60))).definition)
    yield found
    registry.look_in(None)


def test_an_added_task_is_a_task_by_name(shelf: TaskShelf) -> None:
    assert "tickets" in registry.names("tasks")
    assert registry.load("tasks", "tickets").labels == ("bug", "question", "wish")
    config = configs.parse({"tasks": "tickets,sst2"})
    assert config.definitions["tickets"]["data"]["train"]["sha256"]
    assert "sst2" not in config.definitions
    shelf.remove("tickets")
    assert "tickets" not in registry.names("tasks")
    with pytest.raises(InvalidConfig, match="no task called 'tickets'"):
        configs.parse({"tasks": "tickets"})


def test_a_run_keeps_what_the_workspace_forgets(shelf: TaskShelf, workspace: Workspace) -> None:
    config = configs.parse({"tasks": "tickets"})
    with workspace.write() as index:
        runs.add(index, config, device="cpu")
    shelf.remove("tickets")
    assert registry.has("tasks", "tickets")
    assert registry.load("tasks", "tickets").title == "Tickets"
    assert "tickets" not in registry.names("tasks")
    assert not registry.has("tasks", "tickts")


def test_changed_data_are_another_version_and_arm(shelf: TaskShelf, tmp_path: Path) -> None:
    before = configs.parse({"tasks": "tickets"})
    write_csv(tmp_path / "data" / "tickets.csv", tickets(60, seed=2))
    after = configs.parse({"tasks": "tickets"})
    assert before.version_of("tickets") != after.version_of("tickets")
    assert before.arm != after.arm


def test_files_in_the_workspace_move_with_it(shelf: TaskShelf, workspace: Workspace, tmp_path: Path) -> None:
    inside = write_csv(shelf.files_of("mails") / "train.csv", tickets(60))
    shelf.save({**guess.of_files(inside).definition, "name": "mails"})
    moved = tmp_path / "moved"
    (workspace.path / "tasks").rename(moved.joinpath("tasks") if moved.mkdir() is None else moved)
    found = TaskShelf(Workspace(moved)).definition("mails")
    assert found is not None
    assert found["data"]["train"]["path"] == str(moved / "tasks" / "mails" / "train.csv")


def test_places_are_remembered_until_a_source_is_said(shelf: TaskShelf, tmp_path: Path) -> None:
    shelf.remember("sst2", "hub")
    shelf.remember("cola", f"folder:{tmp_path}")
    config = configs.parse({"tasks": "tickets,sst2,mnli,cola"})
    assert [config.place_of(task)[0] for task in config.tasks] == ["own", "hub", "sample", "folder"]
    said = configs.parse({"tasks": "sst2,cola", "source": "sample"})
    assert said.sources == {"sample"}
    shelf.remember("sst2", None)
    assert configs.parse({"tasks": "sst2"}).source == "sample"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sst2", "name: 'sst2' is the name of a built-in task. Choose another."),
        (
            "My Tickets",
            "name: 'My Tickets' can't be the name of a task. Use small letters, digits and _, a letter first, "
            "40 characters at most, such as tickets.",
        ),
    ],
)
def test_names_that_no_task_can_have(name: str, words: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        tasks.check_name(name)
    assert str(caught.value) == words
