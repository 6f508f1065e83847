"""A run that was stopped or killed at any step and goes on is the run that never was: bit for bit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from mtl_core import registry
from mtl_core.config.run import RunConfig, parse
from mtl_core.engine import checkpoints, loop
from mtl_core.engine.events import Evaluated, Event, Finished, Started, StepDone, Tested
from mtl_core.engine.loop import train
from mtl_core.errors import EncoderError, TandemError

EVERY = [
    *((("sharing", name)) for name in registry.names("sharing") if name != "single"),
    *((("schedule", name)) for name in registry.names("schedules") if name != "joint"),
    *((("balancing", name)) for name in registry.names("balancing") if name != "sum"),
    ("sharing", "single"),
    ("schedule", "joint"),
]


class Killed(BaseException):
    """What SIGKILL is to a process."""


def config(encoder: Path, **values: Any) -> RunConfig:
    small = {"tasks": "sst2,squad", "train_limit": 36, "eval_limit": 8, "selection_limit": 6, "batch_size": 8}
    return parse({"encoder": str(encoder), "max_length": 48, "learning_rate": 1e-3, **small, **values})


def comparable(events: list[Event]) -> list[Any]:
    """What must be the same: losses, gradients, draws, scores, predictions; not the seconds."""
    told: list[Any] = []
    for event in events:
        if isinstance(event, StepDone):
            step = event.step
            told.append((step.step, step.task, step.loss, step.gradient_norm, step.learning_rate, step.tokens))
        elif isinstance(event, Evaluated):
            told.append((event.step, event.task, dict(event.scores), event.examples))
        elif isinstance(event, Tested):
            told.append((event.task, dict(event.scores), event.predictions))
        elif isinstance(event, Finished):
            told.append((event.state, event.step, event.draws))
    return told


def stopped_after(asked: RunConfig, folder: Path, cache: Path, steps: int) -> list[Event]:
    """The events of a run that is asked to stop after so many steps."""
    seen: list[Event] = []
    for event in train(asked, folder, cache=cache, should_stop=lambda: made(seen) >= steps):
        seen.append(event)
    assert isinstance(seen[-1], Finished)
    assert seen[-1].state == "stopped"
    return seen[:-1]


def made(events: list[Event]) -> int:
    return max((event.step.step for event in events if isinstance(event, StepDone)), default=0)


def killed_at(asked: RunConfig, folder: Path, cache: Path, step: int) -> None:
    """Leaves what a run leaves that dies at the beginning of a step."""
    running: Iterator[Event] = train(asked, folder, cache=cache)
    next(event for event in running if isinstance(event, StepDone) and event.step.step == step)
    del running


@pytest.mark.parametrize(("field", "name"), EVERY, ids=[f"{field}-{name}" for field, name in EVERY])
def test_every_method_goes_on_as_if_nothing_had_been(
    field: str, name: str, encoder: Path, cache: Path, tmp_path: Path
) -> None:
    joint = {"schedule": "joint"} if field == "balancing" else {}
    asked = config(encoder, **joint, **{field: name})
    whole = list(train(asked, tmp_path / "whole", cache=cache))
    steps = random.Random(f"{field} {name}").randrange(1, made(whole))
    first = stopped_after(asked, tmp_path / "parts", cache, steps)
    second = list(train(asked, tmp_path / "parts", cache=cache))
    [started] = [event for event in second if isinstance(event, Started)]
    assert started.step == steps
    assert comparable(first) + comparable(second) == comparable(whole)
    weights = [load_file(tmp_path / way / "best" / "model.safetensors") for way in ("whole", "parts")]
    assert weights[0].keys() == weights[1].keys()
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])


@pytest.mark.parametrize("steps", [3, 5, 7], ids=["at an edge", "inside", "before a renewed head"])
def test_a_run_in_phases_goes_on_at_an_edge_and_inside(
    steps: int, encoder: Path, cache: Path, tmp_path: Path, whole_in_phases: list[Any]
) -> None:
    first = stopped_after(in_phases(encoder), tmp_path, cache, steps)
    assert comparable(first) + comparable(list(train(in_phases(encoder), tmp_path, cache=cache))) == whole_in_phases


def in_phases(encoder: Path) -> RunConfig:
    """Phases of 2, 5 and 2 steps, with batches that are accumulated and scores that could end it early."""
    settings = {"first": "squad", "rates": "phase", "heads": "renew"}
    more = {"batch_size": 4, "gradient_accumulation": 2, "early_stopping": 1, "eval_every": 1, "warmup": 0.5}
    return config(encoder, schedule="phases", schedule_settings=settings, **more)


@pytest.fixture(scope="module")
def whole_in_phases(encoder: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return comparable(list(train(in_phases(encoder), tmp_path_factory.mktemp("whole"), cache=cache)))


def test_a_killed_run_goes_on_from_its_last_checkpoint(
    encoder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config(encoder, early_stopping=3, eval_every=2)
    whole = list(train(asked, tmp_path / "whole", cache=cache))
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    killed_at(asked, tmp_path / "parts", cache, 5)
    monkeypatch.undo()
    second = list(train(asked, tmp_path / "parts", cache=cache))
    [started] = [event for event in second if isinstance(event, Started)]
    assert started.step == 4
    told = comparable(second)
    assert told == comparable(whole)[-len(told) :]


def test_a_run_that_was_killed_before_its_first_checkpoint_begins_again(
    encoder: Path, cache: Path, tmp_path: Path
) -> None:
    asked = config(encoder)
    killed_at(asked, tmp_path, cache, 2)
    again = list(train(asked, tmp_path, cache=cache))
    assert next(event for event in again if isinstance(event, Started)).step == 0
    assert made(again) == 10


def test_a_run_that_was_stopped_in_its_test_only_tests(encoder: Path, cache: Path, tmp_path: Path) -> None:
    asked = config(encoder)
    seen: list[Event] = []
    stop = lambda: any(isinstance(event, Tested) for event in seen)  # noqa: E731
    for event in train(asked, tmp_path, cache=cache, should_stop=stop):
        seen.append(event)
    assert comparable(seen)[-1][0] == "stopped"
    again = list(train(asked, tmp_path, cache=cache))
    assert made(again) == 0
    assert [event.task for event in again if isinstance(event, Tested)] == ["sst2", "squad"]
    assert comparable(again)[-1][:2] == ("finished", 10)


def test_a_crash_while_a_checkpoint_is_written_leaves_the_one_before(
    encoder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = config(encoder)
    stopped_after(asked, tmp_path, cache, 3)
    state = tmp_path / "last" / checkpoints.STATE
    before = state.read_bytes()
    save_file = checkpoints.save_file

    def dies(tensors: Any, path: Path, metadata: Any) -> None:
        save_file(tensors, path, metadata)
        path.write_bytes(path.read_bytes()[:1000])
        raise Killed

    monkeypatch.setattr(checkpoints, "save_file", dies)
    with pytest.raises(Killed):
        stopped_after(asked, tmp_path, cache, 6)
    monkeypatch.undo()
    assert state.read_bytes() == before
    assert made(list(train(asked, tmp_path, cache=cache))) == 10


def test_a_checkpoint_that_was_cut_off_says_so(encoder: Path, cache: Path, tmp_path: Path) -> None:
    asked = config(encoder)
    stopped_after(asked, tmp_path, cache, 3)
    state = tmp_path / "last" / checkpoints.STATE
    state.write_bytes(state.read_bytes()[:2000])
    with pytest.raises(EncoderError, match=rf"^the checkpoint {state} can't be read: .* Launch the run again\.$"):
        list(train(asked, tmp_path, cache=cache))


def test_other_data_than_before_is_refused(encoder: Path, cache: Path, tmp_path: Path) -> None:
    stopped_after(config(encoder), tmp_path, cache, 3)
    words = r"^the data has changed since the run was stopped, so it can't go on\. Launch it again\.$"
    with pytest.raises(TandemError, match=words):
        list(train(config(encoder, train_limit=35), tmp_path, cache=cache))
