"""The processes that train a run side by side; usually there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from mtl_core.data.batches import Ints


class Crew:
    """One process alone: everything is its own, and adding up changes nothing."""

    rank = 0
    size = 1

    def share_of(self, examples: Ints) -> Ints:
        """The examples of a step that this process takes, every size-th of them."""
        return examples[self.rank :: self.size]

    def add_up(self, values: Tensor) -> Tensor:
        """The sum over all processes."""
        return values

    def add_up_tensors(self, tensors: Sequence[Tensor | None]) -> None:
        """Each tensor becomes its sum over all processes. The same ones must be missing everywhere."""

    def add_up_gradients(self, model: nn.Module, *, without: Iterable[nn.Parameter] = ()) -> None:
        """Gradients become their sums over all processes."""
        left_out = {id(parameter) for parameter in without}
        self.add_up_tensors([p.grad for p in model.parameters() if id(p) not in left_out and p.grad is not None])

    def agree(self, asked: bool) -> bool:
        """What the first process says, everywhere."""
        return asked

    def gather_states(self) -> list[Tensor]:
        """Every process's random state, in the first one; see torch.get_rng_state."""
        return [torch.get_rng_state()]
