"""Which parameters tasks share. One file a method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, cast

from torch import Tensor, nn

from mtl_core.data.batches import Batch
from mtl_core.kinds import Head


class Sharing(nn.Module, ABC):
    """All of a run's parameters, and the way of each task through them.

    Arguments by keyword alone are a method's settings.
    """

    name: ClassVar[str]

    def __init__(self, encoder: nn.Module, heads: Mapping[str, Head]) -> None:
        """`heads` by task; their order is the run's order of tasks."""
        super().__init__()
        self.heads = nn.ModuleDict(heads)

    @abstractmethod
    def encoder_of(self, task: str) -> nn.Module:
        """What turns a task's tokens into states."""

    def head(self, task: str) -> Head:
        """The layers that only this task uses."""
        return cast(Head, self.heads[task])

    def forward(self, task: str, batch: Batch) -> Tensor:
        """The head's output for a batch of one task; its shape is the kind's affair."""
        inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if batch.token_type_ids is not None:
            inputs["token_type_ids"] = batch.token_type_ids
        states = self.encoder_of(task)(**inputs).last_hidden_state  # (R, L, D)
        return self.heads[task](states, batch)  # type: ignore[no-any-return]

    def parameters_of(self, task: str) -> list[nn.Parameter]:
        """Every parameter that a step of the task may train."""
        return [*self.encoder_of(task).parameters(), *self.heads[task].parameters()]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Parameters that more than one task trains."""
        users: dict[nn.Parameter, int] = {}
        for task in self.heads:
            for parameter in self.parameters_of(task):
                users[parameter] = users.get(parameter, 0) + 1
        return [parameter for parameter, count in users.items() if count > 1]

    def counts(self) -> dict[str, int]:
        """How many numbers are trained: shared, task_only, total."""
        shared = sum(parameter.numel() for parameter in self.shared_parameters())
        total = sum(parameter.numel() for parameter in self.parameters())
        return {"shared": shared, "task_only": total - shared, "total": total}
