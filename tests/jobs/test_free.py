"""Freeing disk: what a run gives up, what it keeps, and that it is still predicted with. Runs are really trained."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mtl_core.disk import lock
from mtl_core.engine import checkpoints
from mtl_core.engine.events import StepDone
from mtl_core.engine.loop import train
from mtl_core.errors import TandemError
from mtl_core.inference.predictor import Predictor
from mtl_core.jobs import control, foreground
from mtl_core.jobs.free import free, freeable
from mtl_core.records import RunState
from mtl_core.store import runs
from mtl_core.store.reindex import reindex
from mtl_core.store.workspace import Workspace
from tests import tiny
from tests.engine import trained_runs


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"))


def trained(workspace: Workspace, encoder: Path, *, stop_after: int | None = None, seed: int = 1) -> str:
    """A run that has finished, or was stopped after so many steps; its first evaluation is after the third."""
    config = trained_runs.config(encoder, tasks="sst2", eval_every=3, seed=seed)
    steps, asked = 0, list[bool]()
    with workspace.write() as index:
        run = runs.add(index, config, device="cpu")
        folder = workspace.run(run)
        folder.write_json(folder.config, config.model_dump(mode="json"))
        for event in train(config, folder.checkpoints, cache=workspace.cache, should_stop=partial(bool, asked)):
            steps += isinstance(event, StepDone)
            asked += [True] * (steps == stop_after)
        runs.adopt_state(index, run, RunState.STOPPED if stop_after else RunState.FINISHED)
    return run


def row(workspace: Workspace, run: str) -> runs.Run:
    with workspace.read() as index:
        return runs.get(index, run)


@pytest.mark.parametrize(("stop_after", "kept", "part"), [(2, "last", 0.5), (3, "best", 0.7)])
def test_a_stopped_run_gives_up_what_resuming_needs(
    workspace: Workspace, encoder: Path, stop_after: int, kept: str, part: float
) -> None:
    run = trained(workspace, encoder, stop_after=stop_after)
    folder = workspace.run(run)
    state = checkpoints.load_state(folder.checkpoints / "last")
    assert state is not None
    before, about = folder.size(), freeable(workspace, row(workspace, run))
    answer = Predictor.load(workspace.trained_run(run)).answer("sst2", ("a warm and funny portrait",))

    freed = free(workspace, run)

    assert freed == before - folder.size()
    assert part * before < freed < before
    assert abs(freed - about) < 0.1 * before
    weights = load_file(folder.checkpoints / kept / "model.safetensors")
    if kept == "last":
        assert weights.keys() == state[0]["model"].keys()
        assert all(torch.equal(weights[name], state[0]["model"][name]) for name in weights)
    again = Predictor.load(workspace.trained_run(run)).answer("sst2", ("a warm and funny portrait",))
    assert (again.prediction, again.confidence) == (answer.prediction, answer.confidence)
    assert (row(workspace, run).disk_bytes, row(workspace, run).can_go_on) == (folder.size(), False)
    assert free(workspace, run) == 0


def test_a_run_that_gave_its_state_up_is_not_resumed(workspace: Workspace, encoder: Path) -> None:
    run = trained(workspace, encoder, stop_after=2)
    assert row(workspace, run).can_go_on
    free(workspace, run)
    words = "can't be resumed: its resume state was deleted to free disk. Launch it again; in a study, delete it first."
    with pytest.raises(TandemError, match=words):
        control.resume(workspace, run)
    with pytest.raises(TandemError, match=words), foreground.resumed(workspace, run):
        pytest.fail("it began")
    workspace.index_file.unlink()
    reindex(workspace, "here")
    assert row(workspace, run).freed


def test_a_finished_run_has_no_moments_and_shares_its_encoders_files(workspace: Workspace, encoder: Path) -> None:
    first, second = (trained(workspace, encoder, seed=seed) for seed in (1, 2))
    folders = [workspace.run(run).checkpoints for run in (first, second)]
    state = checkpoints.load_state(folders[0] / "last")
    assert state is not None
    assert set(state[0]) == {"random"}
    for file in (folders[0] / "encoder").iterdir():
        assert file.samefile(folders[1] / "encoder" / file.name)
    assert freeable(workspace, row(workspace, first)) == 0
    control.remove(workspace, first)
    assert Predictor.load(workspace.trained_run(second)).answer("sst2", ("warm",)).prediction


def test_a_run_in_use_is_left_alone(workspace: Workspace, encoder: Path) -> None:
    run = trained(workspace, encoder, stop_after=2)
    held = lock.take(workspace.run(run).lock)
    assert held is not None
    with pytest.raises(TandemError, match="is in use"):
        free(workspace, run)
    with workspace.write() as index:
        runs.adopt_state(index, run, RunState.QUEUED)
        assert freeable(workspace, runs.get(index, run)) == 0
