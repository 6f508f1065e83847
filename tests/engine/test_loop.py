"""The loop as its listeners see it: real data, a tiny real encoder, every event."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from mtl_core.config.run import RunConfig, parse
from mtl_core.engine import loop
from mtl_core.engine.checkpoints import position_of
from mtl_core.engine.events import CheckpointSaved, Evaluated, Event, Finished, Started, StepDone, Tested
from mtl_core.engine.loop import train
from mtl_core.engine.step import Stepped
from mtl_core.errors import Diverged
from tests import tiny


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def config(encoder: Path, **values: Any) -> RunConfig:
    small = {"tasks": "sst2,mnli", "train_limit": 96, "eval_limit": 40, "selection_limit": 24, "batch_size": 16}
    return parse({"encoder": str(encoder), "max_length": 48, "learning_rate": 1e-3, **small, **values})


def of(events: list[Event], sort: type) -> list[Any]:
    return [event for event in events if isinstance(event, sort)]


@pytest.fixture(scope="module")
def pair(encoder: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], Path]:
    folder = tmp_path_factory.mktemp("pair")
    return list(train(config(encoder), folder, cache=cache)), folder


def test_a_run_tells_everything_in_order(pair: tuple[list[Event], Path]) -> None:
    events, _ = pair
    kinds = [type(event).__name__ for event in events]
    assert kinds.index("Started") < kinds.index("StepDone") < kinds.index("Evaluated") < kinds.index("Tested")
    assert kinds[-1] == "Finished"
    steps = [event.step for event in of(events, StepDone)]
    assert [step.step for step in steps] == list(range(1, 13))
    assert all(0 < step.loss < 3 and step.gradient_norm > 0 and step.memory_bytes > 0 for step in steps)
    assert steps[-1].learning_rate < steps[3].learning_rate


def test_it_counts_what_it_drew(pair: tuple[list[Event], Path]) -> None:
    events, _ = pair
    [started], [finished] = of(events, Started), of(events, Finished)
    assert [(d.task, d.planned_steps, d.planned_examples) for d in started.draws] == [("sst2", 6, 96), ("mnli", 6, 96)]
    seen = Counter(event.step.task for event in of(events, StepDone))
    for draw in finished.draws:
        assert draw.actual_steps == draw.planned_steps == seen[draw.task]
        assert draw.actual_examples == draw.planned_examples
        assert draw.actual_tokens > draw.actual_examples * 5
    assert finished.state == "finished"
    assert finished.step == 12


def test_it_evaluates_four_times_and_keeps_the_best(pair: tuple[list[Event], Path]) -> None:
    events, folder = pair
    evaluated = of(events, Evaluated)
    assert [event.step for event in evaluated if event.task == "sst2"] == [3, 6, 9, 12]
    losses = {
        step: sum(event.scores["loss"] for event in evaluated if event.step == step) / 2 for step in (3, 6, 9, 12)
    }
    position = position_of(folder / "best" / "model.safetensors")
    assert position["step"] == min(losses, key=losses.__getitem__)
    assert [e.step for e in of(events, CheckpointSaved) if e.kind == "best"][-1] == position["step"]


def test_the_dev_set_is_used_once_with_every_prediction_kept(pair: tuple[list[Event], Path]) -> None:
    events, _ = pair
    tested = of(events, Tested)
    assert [event.task for event in tested] == ["sst2", "mnli"]
    for event in tested:
        assert len(event.examples) == len(event.predictions) == 40
        assert [e.id for e in event.examples] == [p.example for p in event.predictions]
        assert event.scores["accuracy"] == pytest.approx(sum(p.correct for p in event.predictions) / 40)


def test_the_same_config_gives_the_same_numbers(
    pair: tuple[list[Event], Path], encoder: Path, cache: Path, tmp_path: Path
) -> None:
    first, folder = pair
    again = list(train(config(encoder), tmp_path, cache=cache))
    assert [e.step.loss for e in of(again, StepDone)] == [e.step.loss for e in of(first, StepDone)]
    assert [e.scores for e in of(again, Tested)] == [e.scores for e in of(first, Tested)]
    one, other = (load_file(place / "best" / "model.safetensors") for place in (folder, tmp_path))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_another_seed_gives_others(pair: tuple[list[Event], Path], encoder: Path, cache: Path, tmp_path: Path) -> None:
    other = list(train(config(encoder, seed=2), tmp_path, cache=cache))
    assert [e.step.loss for e in of(other, StepDone)] != [e.step.loss for e in of(pair[0], StepDone)]
    assert of(other, Started)[0].data_fingerprint == of(pair[0], Started)[0].data_fingerprint


def test_alone_and_in_company_start_alike(encoder: Path, cache: Path, tmp_path: Path) -> None:
    """Before any step of another task, a pair's first task trains exactly as it does alone."""
    alone = list(train(config(encoder, tasks="sst2", warmup=0.5), tmp_path / "a", cache=cache))
    first = of(alone, StepDone)[0].step
    paired = config(encoder, schedule="phases", schedule_settings={"share": 0.9}, warmup=0.5)
    together = of(list(train(paired, tmp_path / "b", cache=cache)), StepDone)[0].step
    assert (first.task, first.loss, first.tokens) == (together.task, together.loss, together.tokens)


def test_stop_ends_after_the_step_with_a_checkpoint(encoder: Path, cache: Path, tmp_path: Path) -> None:
    done: list[Event] = []
    for event in train(config(encoder), tmp_path, cache=cache, should_stop=lambda: len(of(done, StepDone)) >= 5):
        done.append(event)
    [finished] = of(done, Finished)
    assert (finished.state, finished.step) == ("stopped", 5)
    assert not of(done, Tested)
    assert of(done, CheckpointSaved)[-1].kind == "last"
    assert position_of(tmp_path / "last" / "state.safetensors")["step"] == 5
    assert sum(draw.actual_examples for draw in finished.draws) == 80


def test_all_three_tasks_in_one_run_by_every_schedule(encoder: Path, cache: Path, tmp_path: Path) -> None:
    for schedule in ("proportional", "round_robin", "phases", "joint"):
        asked = config(encoder, tasks="sst2,mnli,squad", schedule=schedule, train_limit=32, max_length=96)
        events = list(train(asked, tmp_path / schedule, cache=cache))
        assert set(of(events, Tested)[2].scores) == {"exact_match", "f1"}
        assert {event.step.task for event in of(events, StepDone)} == {"sst2", "mnli", "squad"}


def test_accumulated_steps_are_those_of_the_whole_batch(encoder: Path, cache: Path, tmp_path: Path) -> None:
    """Without dropout, four parts of a batch give the gradient of the batch."""
    first = {}
    for parts in (1, 4):
        asked = config(
            still(encoder, tmp_path / "still"), batch_size=32 // parts, gradient_accumulation=parts, tasks="mnli"
        )
        first[parts] = of(list(train(asked, tmp_path / str(parts), cache=cache)), StepDone)[0].step
    assert first[4].loss == pytest.approx(first[1].loss, rel=1e-5)
    assert first[4].gradient_norm == pytest.approx(first[1].gradient_norm, rel=1e-4)
    assert first[4].examples == first[1].examples == 32


def still(encoder: Path, folder: Path) -> Path:
    """The tiny encoder without dropout."""
    made = tiny.encoder(folder)
    settings = json.loads((made / "config.json").read_text())
    settings |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (made / "config.json").write_text(json.dumps(settings))
    return made


def test_bf16_trains(encoder: Path, cache: Path, tmp_path: Path) -> None:
    events = list(train(config(encoder, precision="bf16", train_limit=32), tmp_path, cache=cache))
    assert of(events, Finished)[0].state == "finished"


def test_training_that_runs_away_says_so(encoder: Path, cache: Path, tmp_path: Path) -> None:
    broken = tiny.encoder(tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    weights["encoder.layer.1.output.LayerNorm.weight"][:] = float("inf")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    asked = config(broken, tasks="sst2", learning_rate=0.5)
    words = r"^Loss became NaN or infinite at step 1\. Lower learning_rate below 0\.5\.$"
    with pytest.raises(Diverged, match=words):
        list(train(asked, tmp_path / "run", cache=cache))


@pytest.mark.parametrize("norm", [float("inf"), float("nan")])
def test_a_gradient_without_a_length_is_told_at_once(
    encoder: Path, cache: Path, tmp_path: Path, norm: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clipping to an infinite norm makes every update 0, and the run would finish as if it had learned."""
    monkeypatch.setattr(loop, "make_step", lambda *_: Stepped({"sst2": 0.7}, norm))
    words = (
        r"^The gradient's norm became NaN or infinite at step 1, so nothing more would be learned\. "
        r"Lower learning_rate below 0\.001, or use fp32\.$"
    )
    with pytest.raises(Diverged, match=words):
        list(train(config(encoder, tasks="sst2"), tmp_path / "run", cache=cache))
