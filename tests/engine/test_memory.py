"""What a run is said to need before it starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import psutil
import pytest
import torch

from mtl_core.config.run import RunConfig, parse
from mtl_core.encoders.batch import Encoded
from mtl_core.engine import memory
from mtl_core.engine.memory import Largest
from mtl_core.errors import InvalidConfig
from tests import toy

CPU = torch.device("cpu")
PAIR = ("sst2", "squad")


def config(**values: Any) -> RunConfig:
    return parse({"tasks": PAIR, **values})


def needed(rows: int = 8, length: int = 32, sharing: str = "hard", **values: Any) -> int:
    batches = dict.fromkeys(PAIR, Largest(rows, length))
    return memory.estimate(toy.model(sharing, PAIR), config(sharing=sharing, **values), batches, CPU)


def test_weights_gradients_and_moments_are_counted_exactly() -> None:
    """Four numbers a parameter, and one more a task and shared parameter where gradients are kept apart."""
    counts = toy.model("hard", PAIR).counts()
    plain, apart = needed(0, 0), needed(0, 0, schedule="joint", balancing="pcgrad")
    assert plain - memory.PROCESS["cpu"] == 4 * 4 * counts["total"]
    assert apart - plain == 4 * 2 * counts["shared"]
    assert needed(0, 0, sharing="single") > 1.9 * (plain - memory.PROCESS["cpu"])


def test_what_takes_more_is_said_to() -> None:
    plain = needed(64, 128)
    assert needed(128, 128) > plain
    assert needed(64, 256) - needed(0, 0) > 2 * (plain - needed(0, 0)), "attention grows with the square"
    assert needed(64, 128, gradient_checkpointing=True) < plain
    assert needed(64, 128, precision="bf16") < plain
    assert needed(64, 128, sharing="cross_stitch") - needed(0, 0, sharing="cross_stitch") > 1.5 * (plain - needed(0, 0))


def test_the_largest_batch_is_that_of_the_longest_examples() -> None:
    """Three examples of 3, 9 and 5 tokens; the second has a further row of 2."""
    starts = np.cumsum([0, 3, 9, 2, 5]).astype(np.int32)
    empty = np.empty(0, np.int32)
    encoded = Encoded(
        np.zeros(19, np.int32), empty, empty, starts, np.array([0, 1, 3, 4], np.int32), np.zeros((4, 1), np.int32)
    )
    assert memory.largest_batch(encoded, 1) == Largest(2, 9)
    assert memory.largest_batch(encoded, 2) == Largest(3, 9)
    assert memory.largest_batch(encoded, 30) == Largest(40, 9), "three examples stand for thirty"


def test_a_run_that_can_not_fit_is_refused() -> None:
    total = psutil.virtual_memory().total
    memory.need_room(total // 100, CPU, now=False)
    with pytest.raises(InvalidConfig) as caught:
        memory.need_room(2 * total, CPU, now=False)
    [fault] = caught.value.faults
    assert fault.field == "batch_size"
    assert fault.message == (
        f"the run needs about {2 * total / 1e9:.1f} GB of memory, and {total / 1e9:.1f} GB are there on cpu. "
        "Use a smaller batch_size with gradient_accumulation, a smaller max_length, or gradient_checkpointing."
    )
    with pytest.raises(InvalidConfig, match=r"GB are free on cpu\. Use a smaller batch_size"):
        memory.need_room(2 * total, CPU, now=True)
