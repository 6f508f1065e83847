"""`runs --filter`, `rename`, `tag`, `note`, `delete` and `free`, as a terminal shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mtl_core.cli import main
from mtl_core.store.workspace import Workspace
from tests import builders


class Terminal:
    """Commands on one runs folder, in this process."""

    def __init__(self, workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
        self.workspace, self.capfd = workspace, capfd

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Code, standard output and standard error of a command."""
        code = main([*words, "--runs-dir", str(self.workspace)])
        said = self.capfd.readouterr()
        return code, said.out, said.err

    def document(self, *words: str) -> Any:
        """The document of a command that succeeds."""
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    def ids(self, *words: str) -> list[str]:
        return [run["id"] for run in self.document("runs", *words)]


@pytest.fixture
def terminal(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(workspace, capfd)


def test_runs_are_filtered_and_sorted(terminal: Terminal) -> None:
    low, high = (builders.run(terminal.workspace, accuracy=accuracy) for accuracy in (0.5, 1.0))
    stopped = builders.run(terminal.workspace, tasks="squad", state="stopped")
    assert terminal.ids() == [stopped, high, low]
    assert terminal.ids("--filter", "state=finished task=sst2", "--sort", "-score") == [high, low]
    assert terminal.ids("--filter", "state=stopped", "--filter", "squad") == [stopped]
    assert terminal.ids("--sort", "score", "--limit", "1") == [low]
    assert terminal("runs", "--filter", "nothing") == (0, "no run matches the filter.\n", "")
    code, out, err = terminal("runs", "--filter", "stat=done")
    assert (code, out, err) == (2, "", "filter: no field called 'stat'. Did you mean 'state'?\n")
    code, _, err = terminal("runs", "--sort", "scor")
    assert (code, err) == (2, "sort: no column called 'scor'. Did you mean 'score'?\n")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("seed=abc", "'abc' is no seed. Give whole numbers: seed=1,2."),
        ("score>80", "'score>80' compares with >, and filters know = alone. Fields are state, task,"),
        ("state!=failed", "'state!=failed' compares with !=, and filters know = alone."),
        ("state=", "'state=' has no field or no value. Fields are state, task,"),
        ("state=done", "no state called 'done'. Choose from failed, finished, lost, queued, running, stopped."),
    ],
)
def test_a_filter_that_cant_be_says_what_can(terminal: Terminal, typed: str, told: str) -> None:
    code, _, err = terminal("runs", "--filter", typed)
    assert code == 2
    assert err.startswith(f"filter: {told}")


def test_a_filter_that_no_run_fulfils_says_what_runs_have(terminal: Terminal) -> None:
    builders.run(terminal.workspace, tasks="sst2,mnli")
    told = terminal("runs", "--filter", "task=squad method=hard seed=7 state=lost")[1]
    assert told == (
        "no run matches the filter.\nNo run has the state 'lost'. Runs here have finished.\n"
        "No run has the task 'squad'. Runs here have mnli, sst2.\nNo run has the seed '7'. Runs here have 1.\n"
    )


def test_runs_are_renamed_tagged_and_noted(terminal: Terminal) -> None:
    run = builders.run(terminal.workspace)
    assert terminal("rename", run, "The one")[1] == f"run {run} is called 'The one'.\n"
    assert (
        terminal("tag", run, "--add", "paper, first try", "--remove", "gone")[1]
        == f"run {run}: 2 tags: paper, first try\n"
    )
    assert terminal("note", run, "for table 2")[1] == f"the note on run {run} is kept.\n"
    [known] = terminal.document("runs", "--filter", 'tag="first try"')
    assert (known["title"], known["tags"], known["note"]) == ("The one", ["paper", "first try"], "for table 2")
    shown = terminal("show", run)[1]
    assert "tags: paper, first try\nfor table 2\n" in shown
    assert terminal.document("rename", run, "")["title"] == "sst2 · single · seed 1"
    assert terminal("tag", run)[0] == 2
    empty = 'has an empty tag. Give tags with commas between, such as "paper, first try".\n'
    assert terminal("tag", run, "--add", "")[::2] == (2, f"add: '' {empty}")
    assert terminal("tag", run, "--add", "a,,b")[::2] == (2, f"add: 'a,,b' {empty}")
    assert terminal("tag", run, "--remove", "paper,first try")[1] == f"run {run}: no tags\n"
    assert terminal("tag", run, "--add", "a,b")[1] == f"run {run}: 2 tags: a, b\n"
    unknown = "there is no run 'abcdefgh'. `python -m mtl_core runs` lists them.\n"
    assert terminal("rename", "abcdefgh", "x")[2] == unknown


def test_deleting_says_what_it_frees_and_who_needs_it(terminal: Terminal) -> None:
    run, kept = builders.run(terminal.workspace), builders.run(terminal.workspace, seed=2)
    later, title = builders.run(terminal.workspace, start_from=run, state="stopped"), "sst2 · single · seed 1"
    code, _, err = terminal("delete", run)
    assert code == 2
    assert "yes: is missing, and nobody can be asked here. Deleting 'sst2 · single · seed 1'" in err
    assert f"Still needed: the run 'sst2 · single · seed 1' ({later}), stopped, starts from '{title}' ({run})." in err
    assert terminal.workspace.run(run).path.is_dir()
    done = terminal.document("delete", run, later, "--yes")
    assert (done["deleted"], done["needed"]) == ([run, later], [])
    assert done["disk_bytes"] > 0
    assert terminal.ids() == [kept]
    assert terminal("delete", run, "--yes")[0] == 2


def test_freeing_asks_too(terminal: Terminal) -> None:
    run = builders.run(terminal.workspace, state="stopped")
    code, _, err = terminal("free", run)
    assert code == 2
    assert f"{run} can't be resumed after that." in err
    assert terminal.document("free", run, "--yes") == [{"id": run, "disk_bytes": 0}]
