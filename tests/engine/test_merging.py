"""Merged runs: the encoders of single-task runs become one, chosen on the validation split, with no step made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from mtl_core import encoders
from mtl_core.config.run import RunConfig
from mtl_core.engine import parents, trained
from mtl_core.engine.check import check
from mtl_core.engine.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Merged,
    Started,
    StepDone,
    Tested,
)
from mtl_core.engine.loop import train
from mtl_core.engine.merging import flat, put
from mtl_core.engine.plan import plan
from mtl_core.errors import Diverged, InvalidConfig
from mtl_core.records import RunState
from mtl_core.store.workspace import Workspace
from tests.engine.trained_runs import config, events, weights


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> Workspace:
    """Finished runs: sst1 (sst2), squad1 (squad), like1 (squad on sst1's encoder, which it keeps), pair1 (both)."""
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    for run_id, values in {
        "sst1": {"tasks": "sst2"},
        "squad1": {"tasks": "squad"},
        "like1": {"tasks": "squad", "start_from": "sst1", "freeze_layers": 2},
        "pair1": {},
    }.items():
        events(workspace, run_id, config(encoder, **values))
    return workspace


def merge(own: Path, merging: str = "ties", runs: str = "sst1,squad1", **values: Any) -> RunConfig:
    return config(own, merging=merging, merge_from=runs, **values)


def of_kind(found: list[Event], kind: type) -> list[Any]:
    return [event for event in found if isinstance(event, kind)]


def test_flat_parameters_come_back_where_they_were(encoder: Path) -> None:
    model = encoders.load_encoder(str(encoder))
    before = {name: parameter.clone() for name, parameter in model.named_parameters()}
    put(model, flat(model) * 2)
    assert all(torch.equal(parameter, 2 * before[name]) for name, parameter in model.named_parameters())


def test_the_lowest_mean_selection_loss_is_kept(encoder: Path, workspace: Workspace) -> None:
    found = events(workspace, "tied", merge(encoder, merging_settings={"densities": "0.2,1", "scales": "0.5,1"}))
    assert of_kind(found, StepDone) == []
    [started], [merged], [finished] = (of_kind(found, kind) for kind in (Started, Merged, Finished))
    assert (started.total_steps, finished.step, finished.state) == (0, 0, RunState.FINISHED)
    assert all((one.planned_steps, one.actual_examples) == (0, 0) for one in finished.draws)
    tried = merged.facts["tried"]
    assert [one["coefficients"] for one in tried] == [
        {"density": density, "scale": scale} for density in (0.2, 1.0) for scale in (0.5, 1.0)
    ]
    scored = [(one.step, one.task, one.tried) for one in of_kind(found, Evaluated)]
    assert scored[:3] == [
        (1, "sst2", "density 0.2, scale 0.5"),
        (1, "squad", "density 0.2, scale 0.5"),
        (2, "sst2", "density 0.2, scale 1"),
    ]
    best = min(tried, key=lambda one: one["loss"])
    assert best["loss"] == pytest.approx(sum(best["losses"].values()) / 2)
    assert merged.facts["chosen"] == best["coefficients"]
    assert merged.facts["from"] == {"sst2": "sst1", "squad": "squad1"}
    assert of_kind(found, CheckpointSaved)[-1].step == 1 + tried.index(best)
    assert [one.task for one in of_kind(found, Tested)] == ["sst2", "squad"]


def test_the_kept_weights_are_the_merge_and_each_task_has_its_own_head(encoder: Path, workspace: Workspace) -> None:
    events(workspace, "sum", merge(encoder, "task_arithmetic", "squad1,sst1", merging_settings={"scales": "0.3"}))
    start = encoders.load_encoder(str(encoder)).state_dict()
    merged, sst2, squad = (weights(workspace, run_id) for run_id in ("sum", "sst1", "squad1"))
    for name in ("embeddings.word_embeddings.weight", "encoder.layer.1.output.dense.bias"):
        moved = sst2[f"encoders.sst2.{name}"] + squad[f"encoders.squad.{name}"] - 2 * start[name]
        assert torch.allclose(merged[f"encoder.{name}"], start[name] + 0.3 * moved, atol=1e-6)
    for task, single in (("sst2", sst2), ("squad", squad)):
        heads = [name for name in merged if name.startswith(f"heads.{task}.")]
        assert heads
        assert all(torch.equal(merged[name], single[name]) for name in heads)


def test_equal_encoders_merged_answer_as_each_by_itself(encoder: Path, workspace: Workspace) -> None:
    """Merging a model with itself gives that model."""
    merged = {
        one.task: one for one in of_kind(events(workspace, "mean", merge(encoder, "average", "sst1,like1")), Tested)
    }
    for task, run_id in (("sst2", "sst1"), ("squad", "like1")):
        folder = workspace.run(run_id)
        asked = RunConfig.model_validate(folder.read_json(folder.config))
        again = train(asked, folder.checkpoints, cache=workspace.cache, find_run=workspace.find_run)  # its test alone
        [alone] = of_kind(list(again), Tested)
        assert merged[task].scores == alone.scores
        assert merged[task].predictions == alone.predictions


def test_a_merged_run_is_loaded_started_from_and_begins_anew_when_it_was_stopped(
    encoder: Path, workspace: Workspace
) -> None:
    asked = merge(encoder, "task_arithmetic", merging_settings={"scales": "0.2,0.4,0.6"})
    folder = workspace.run("stopped")
    folder.write_json(folder.config, asked.model_dump(mode="json"))
    places: dict[str, Any] = {"cache": workspace.cache, "find_run": workspace.find_run}
    whole, stopped = list(train(asked, folder.checkpoints, **places)), list[Event]()
    for event in train(asked, folder.checkpoints, **places, should_stop=lambda: bool(of_kind(stopped, Evaluated))):
        stopped.append(event)
    assert of_kind(stopped, Finished)[0].state == RunState.STOPPED
    assert of_kind(stopped, Merged) == []
    assert len(of_kind(stopped, Evaluated)) == 2, "both tasks of the first merge"
    again = list(train(asked, folder.checkpoints, **places))
    assert [one.scores for one in of_kind(again, Tested)] == [one.scores for one in of_kind(whole, Tested)]
    folder.write_json(folder.report, {"state": RunState.FINISHED})
    loaded = trained.load(workspace.trained_run("stopped"))
    start = trained.load_start(config(encoder, start_from="stopped"), workspace.find_run)
    assert torch.equal(flat(start), flat(loaded.model.encoder_of("sst2")))


def test_a_merge_is_planned_without_steps(encoder: Path, workspace: Workspace) -> None:
    found = plan(merge(encoder), workspace.find_run)
    assert (found.steps, found.tokens, found.merges) == (0, 0, 12)
    assert found.parameters["shared"] > found.parameters["task_only"] > 0
    assert plan(config(encoder), workspace.find_run).merges == 0
    assert plan(merge(encoder, runs="train"), workspace.find_run).merges == 12
    assert found.memory_bytes > 0


@pytest.mark.parametrize(
    ("runs", "values", "message"),
    [
        ("sst1,nobody", {}, "there is no run 'nobody'. `python -m mtl_core runs` lists them."),
        ("sst1,half", {}, "the run half is failed. Choose one that has finished."),
        ("sst1", {}, "there is no run of squad among them. Name one finished single-task run per task."),
        ("squad1,like1", {}, "the runs squad1 and like1 have both trained squad. Name one run per task."),
        (
            "sst1,pair1",
            {},
            "the run pair1 has trained sst2 and squad. A merge takes runs of one of its tasks, and that alone.",
        ),
        (
            "sst1,squad1",
            {"tasks": "sst2,mnli"},
            "the run squad1 has trained squad. A merge takes runs of one of its tasks, and that alone.",
        ),
        *(
            (
                "sst1",
                {"tasks": "sst2,squad", name: value},
                f"the run sst1 has {name} {its}, not {value}. "
                "A merge has the data, lengths, heads and seed of its runs.",
            )
            for name, value, its in [
                ("encoder", "embedded", "ENCODER"),
                ("max_length", 64, 48),
                ("eval_limit", 9, 8),
                ("selection_limit", 7, 6),
                ("head_layers", 2, 1),
                ("pooling", "mean", "first"),
                ("seed", 2, 1),
            ]
        ),
    ],
)
def test_runs_that_can_t_be_merged(
    encoder: Path, workspace: Workspace, runs: str, values: dict[str, Any], message: str
) -> None:
    half = workspace.run("half")
    half.write_json(half.config, config(encoder, tasks="squad").model_dump(mode="json"))
    half.write_json(half.report, {"state": "failed"})
    asked = merge(encoder, runs=runs, **values)
    assert [fault.message for fault in parents.faults(asked, workspace.find_run)][:1] == [
        message.replace("ENCODER", str(encoder))
    ]
    with pytest.raises(InvalidConfig):
        check(asked, workspace.find_run)


def test_runs_on_other_examples_can_t_be_merged(encoder: Path, workspace: Workspace) -> None:
    asked = merge(encoder, train_limit={"sst2": 32, "squad": 16})
    words = "the run squad1 has read other examples of squad than this run: data or limits are not the same. "
    with pytest.raises(InvalidConfig) as told:
        events(workspace, "other", asked)
    assert str(told.value) == f"merge_from: {words}Give the same ones, or train the run again."


def test_settings_are_checked_before_the_run(encoder: Path, workspace: Workspace) -> None:
    for settings, words in (
        ({"scales": "much"}, "merging_settings: 'much' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ({"scale": "1"}, "merging_settings.scale: no setting of 'ties' called 'scale'. Did you mean 'scales'?"),
    ):
        with pytest.raises(InvalidConfig) as told:
            check(merge(encoder, merging_settings=settings), workspace.find_run)
        assert str(told.value) == words


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_a_merge_that_only_gives_nonsense_says_so(encoder: Path, workspace: Workspace) -> None:
    asked = merge(encoder, "task_arithmetic", merging_settings={"scales": "1e38"})
    with pytest.raises(Diverged, match="no merge has a finite loss on the validation split"):
        events(workspace, "huge", asked)
