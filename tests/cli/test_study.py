"""A study from a terminal: planned, trained, judged, paused, run again from its card."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mtl_core.store import runs
from mtl_core.store.workspace import Workspace
from tests import builders
from tests.cli.conftest import COMMAND, ROOT, call
from tests.jobs.waiting import until


def ids(workspace: Workspace) -> list[str]:
    return [path.stem for path in (workspace.studies).glob("*.json")]


def test_a_dry_run_lists_every_run_and_starts_none(small: list[str], workspace: Workspace) -> None:
    asked = ["study", "--preset", "paper", *small, "--seeds", "2", "--dry-run", "--json", "--runs-dir", workspace.path]
    said = call(*asked)
    assert said.code == 0, said.err
    runs = said.document["runs"]
    assert [run["tasks"] for run in runs[:6]] == [
        ["sst2"],
        ["mnli"],
        ["squad"],
        ["sst2", "mnli"],
        ["sst2", "squad"],
        ["mnli", "squad"],
    ]
    assert [run["seed"] for run in runs] == [1] * 6 + [2] * 6
    assert {run["train_limit"] for run in runs} == {64}
    assert ids(workspace) == []


def test_planned_looks_are_told_and_checked(small: list[str], workspace: Workspace) -> None:
    asked = ["study", *small, "--dry-run", "--runs-dir", workspace.path]
    said = call(*asked, "--looks", "3,5,10", "--spending", "pocock")
    assert (
        "looks: verdicts are planned with 3, 5, 10 seeds per condition; alpha is spent over them (pocock)" in said.out
    )
    for looks, words in (("3,x", "'3,x' is no list of numbers. Give"), ("5,3", "looks are 5, 3: give rising numbers")):
        refused = call(*asked, "--looks", looks)
        assert refused.code == 2
        assert words in refused.err


def test_a_dry_study_says_which_runs_it_takes_over(small: list[str], workspace: Workspace) -> None:
    asked = ["study", *small, "--seeds", "1,", "--dry-run", "--json", "--runs-dir", workspace.path]
    planned = call(*asked).document
    assert planned["taken_over"] == [None, None]
    run = builders.run(workspace, **{**planned["runs"][0], "state": "queued"})
    assert call(*asked).document["taken_over"] == [run, None]


def test_a_study_is_trained_and_judged(small: list[str], tmp_path: Path) -> None:
    said = call("study", *small, "--seeds", "2", "--name", "Well?", "--json", "--runs-dir", tmp_path)
    assert said.code == 0, said.err
    document = said.document
    assert (document["name"], document["state"], document["counts"]) == ("Well?", "finished", {"finished": 4})
    [compared] = document["comparisons"]
    assert (compared["baseline"]["arm"], compared["treatment"]["arm"]) == ("sst2 alone", "sst2 + mnli · hard")
    assert (compared["matched"], compared["dev_examples"]) == ("same number of target updates", 16)
    assert set(compared["baseline"]["scores"]) == {"1", "2"}
    assert compared["verdict"]["decision"] == compared["decision"]
    assert compared["generated"]

    again = call("verdict", document["id"], "--json", "--runs-dir", tmp_path)
    assert again.document["comparisons"] == document["comparisons"]
    words = call("verdict", document["id"], "--runs-dir", tmp_path).out
    assert "sst2 + mnli · hard against sst2 alone, same number of target updates (generated sample)" in words
    listed = call("study", "--list", "--json", "--runs-dir", tmp_path).document
    assert [(one["id"], one["state"]) for one in listed] == [(document["id"], "finished")]


def interrupted(workspace: Workspace, *asked: str, beyond: int) -> tuple[dict[str, Any], str]:
    """What a study says that gets Ctrl+C once a run is beyond a step, as JSON and on standard error."""
    command = [*COMMAND, "study", *asked, "--json", "--runs-dir", str(workspace)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def under_way() -> bool:
        return process.poll() is not None or (workspace.index_file.exists() and most_steps(workspace) > beyond)

    try:
        until(under_way, "a step")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, err
    return json.loads(out), err


def most_steps(workspace: Workspace) -> int:
    with workspace.write() as index:
        return max((run.step for run in runs.listing(index)), default=0)


def test_ctrl_c_pauses_a_study_and_resume_goes_on(small: list[str], workspace: Workspace) -> None:
    """With far more steps than are done until the request is read: a run that finishes first is not paused."""
    paused, err = interrupted(workspace, *small, "--epochs", "1000", "--seeds", "1", beyond=0)
    assert "pausing: runs stop after their step" in err
    assert f"`python -m mtl_core study --resume {paused['id']}` resumes it" in err
    assert paused["state"] == "stopped"
    assert paused["counts"]["stopped"] >= 1
    assert "has finished yet. Start the study, or resume what has stopped." in paused["comparisons"][0]["refused"]

    done = most_steps(workspace)
    again, _ = interrupted(workspace, "--resume", paused["id"], beyond=done)
    assert (again["id"], again["state"]) == (paused["id"], "stopped")
    assert most_steps(workspace) > done


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--preset", "papers"], "preset: no preset called 'papers'. Did you mean 'paper'?"),
        (
            ["--preset", "paper,methods"],
            "preset: 'paper' and 'methods' are two questions. Name one, and ask the other in a study of its own.",
        ),
        (["--seeds", "none"], "seeds: 'none' is not a number of seeds. Use 3, or list them: 1,2,5."),
        (["--seeds", "0"], "seeds: 0 seeds can't be trained. Use 1 to 100; 3 is usual."),
        (["--seed", "3"], "seed: a study has several. Use --seeds."),
        (["--settings", "[1]"], "settings: '[1]' is not valid JSON. Use names and values such as"),
        (["--tasks", "sst2"], "tasks: Your own question takes 2 or more tasks, not 1."),
        (["--margin", "-1"], "margin: "),
        (["--from", "nothing.json"], "from: can't read nothing.json: "),
        (["--resume", "abcd2345"], "there is no study 'abcd2345'."),
        (["--source", "folder", "--data", "/nowhere"], "data: there is no folder '/nowhere'."),
    ],
)
def test_what_can_t_be_asked_is_said_and_nothing_is_made(asked: list[str], words: str, workspace: Workspace) -> None:
    said = call("study", *asked, "--json", "--runs-dir", workspace.path)
    assert said.code == 2
    assert words in said.document["error"]
    assert ids(workspace) == []


def test_a_preset_of_training_goes_with_a_design_and_holds_for_all_arms(small: list[str], workspace: Workspace) -> None:
    presets = ["--preset", "paper,bert-2018"]
    said = call("study", *presets, *small, "--seeds", "1,", "--dry-run", "--json", "--runs-dir", workspace.path)
    assert said.code == 0, said.err
    runs = said.document["runs"]
    assert len(runs) == 6
    assert {(run["learning_rate"], run["warmup"], run["max_length"]) for run in runs} == {(5e-5, 0.1, 32)}
    in_phases = [run["schedule_settings"] for run in runs if run["schedule"] == "phases"]
    assert [settings["rates"] for settings in in_phases] == ["phase", "phase"]
