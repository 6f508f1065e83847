"""The processes that train a run side by side; usually there is one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from mtl_core.config.run import RunConfig
from mtl_core.devices import resolve
from mtl_core.encoders.batch import Ints

BUCKET = 2**25
"""Numbers that are added up over processes at once."""


class Distributed:
    """One process alone: everything is its own, and adding up changes nothing."""

    rank = 0
    size = 1

    def device(self, config: RunConfig) -> torch.device:
        """The device of this process. Raises DeviceError for a device that is not there."""
        return torch.device(resolve(config.device))

    def shard(self, examples: Ints) -> Ints:
        """The examples of a step that this process takes, every size-th of them."""
        return examples[self.rank :: self.size]

    def all_reduce(self, values: Tensor) -> Tensor:
        """The sum over all processes."""
        return values

    def all_reduce_gradients(self, parameters: Sequence[nn.Parameter], gradients: list[Tensor | None]) -> None:
        """The parameters' gradients become their sums over all processes, None where no process has one."""

    def broadcast(self, flag: bool) -> bool:
        """The first process's flag, on every process."""
        return flag

    def broadcast_numbers(self, numbers: list[float]) -> list[float]:
        """The first process's numbers, on every process: others may have drawn their own."""
        numbers_of_first: list[float] = self.all_gather(numbers)[0]
        return numbers_of_first

    def all_gather(self, mine: Any) -> list[Any]:
        """Each process's object in the order of ranks, on every process."""
        return [mine]

    def main_process_first(self) -> AbstractContextManager[None]:
        """The first process enters first, then the others, which find its results in the cache."""
        return nullcontext()


class TorchrunProcesses(Distributed):
    """One of the processes that torchrun has started; accelerate joins them."""

    def __init__(self, config: RunConfig) -> None:
        from accelerate import PartialState

        self.state = PartialState(cpu=config.device == "cpu" or not torch.cuda.is_available())
        self.rank, self.size = self.state.process_index, self.state.num_processes
        if self.size != config.processes:
            raise RuntimeError(f"{config.processes} processes were asked for, and torchrun has started {self.size}")

    def device(self, config: RunConfig) -> torch.device:
        """Each process's own GPU, or the CPU for all."""
        return torch.device(self.state.device)

    def all_reduce(self, values: Tensor) -> Tensor:
        """The sum over all processes."""
        from accelerate.utils import reduce

        total: Tensor = reduce(values, "sum")
        return total

    def all_reduce_gradients(self, parameters: Sequence[nn.Parameter], gradients: list[Tensor | None]) -> None:
        """Adds up many gradients at once. A process whose share of a batch was empty counts as zero."""
        there = torch.tensor([gradient is not None for gradient in gradients], device=self.state.device)
        somewhere = self.all_reduce(there.float()) > 0
        for place, (parameter, wanted) in enumerate(zip(parameters, somewhere.tolist(), strict=True)):
            if wanted and gradients[place] is None:
                gradients[place] = torch.zeros_like(parameter)
        for bucket in _buckets([gradient for gradient in gradients if gradient is not None]):
            total = self.all_reduce(torch.cat([gradient.flatten() for gradient in bucket]))
            for gradient, part in zip(bucket, torch.split(total, [one.numel() for one in bucket]), strict=True):
                gradient.copy_(part.view_as(gradient))

    def broadcast(self, flag: bool) -> bool:
        """The first process's flag, on every process."""
        from accelerate import utils

        value = torch.tensor([float(flag)], device=self.state.device)
        return bool(utils.broadcast(value, from_process=0).item())

    def all_gather(self, mine: Any) -> list[Any]:
        """Each process's object in the order of ranks, on every process."""
        from accelerate.utils import gather_object

        gathered: list[Any] = gather_object([mine])
        return gathered

    def main_process_first(self) -> AbstractContextManager[None]:
        """The first process of each machine enters first, then the others there."""
        context: AbstractContextManager[None] = self.state.local_main_process_first()
        return context


def distributed_of(config: RunConfig) -> Distributed:
    """The group of processes that this one belongs to, read from torchrun's environment variables."""
    return TorchrunProcesses(config) if config.processes > 1 and "RANK" in os.environ else Distributed()


def _buckets(tensors: Iterable[Tensor]) -> list[list[Tensor]]:
    buckets: list[list[Tensor]] = [[]]
    filled = 0
    for tensor in tensors:
        if filled and filled + tensor.numel() > BUCKET:
            buckets.append([])
            filled = 0
        buckets[-1].append(tensor)
        filled += tensor.numel()
    return [bucket for bucket in buckets if bucket]
