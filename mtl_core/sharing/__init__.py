"""Methods of sharing parameters between tasks. One file per method."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import Head
from mtl_core.kinds import Task
from mtl_core.kinds._model import KindModel, model_of
from mtl_core.records import LayerMix


class Sharing(nn.Module, ABC):
    """All of a run's parameters, and the way of each task through them.

    Keyword-only arguments are a method's settings.
    """

    name: ClassVar[str]
    shares: ClassVar[bool] = True
    """True where tasks have parameters in common, which balancing of gradients needs."""
    needs_layers: ClassVar[bool] = False
    """True where it works on the encoder's single layers, so that they must be there."""

    def __init__(self, encoder: nn.Module, heads: Mapping[str, Head]) -> None:
        """`heads` by task; their order is the run's order of tasks."""
        super().__init__()
        self.heads = nn.ModuleDict(heads)

    @classmethod
    def kind_of(cls, task: Task) -> KindModel:
        """The way in which the task is asked and answered: by default its own kind's.

        Raises InvalidConfig for a task that can't be asked so.
        """
        return model_of(task)

    def answering(self, task: Task) -> KindModel:
        """`kind_of`, with the number that decoding needs where one was chosen on the validation split."""
        kind, value = self.kind_of(task), getattr(self, _tuned(task.name), None)
        return kind if value is None else kind.with_tuned(float(value))

    def make_room_for_tuned(self, task: str) -> None:
        """Gives the task a number to be chosen after training; 0 until then. It is stored with the weights."""
        self.register_buffer(_tuned(task), torch.zeros(()))

    def keep_tuned(self, task: str, value: float) -> None:
        """Takes the number that was chosen."""
        cast(Tensor, getattr(self, _tuned(task))).fill_(value)

    @abstractmethod
    def encoder_of(self, task: str) -> nn.Module:
        """The module that turns a task's tokens into states."""

    def head(self, task: str) -> Head:
        """The layers that come after the encoder."""
        return cast(Head, self.heads[task])

    def forward(self, task: str, batch: Batch) -> Tensor:
        """The head's output for a batch of one task; its shape depends on the kind."""
        return self.heads[task](self.states(task, batch), batch)  # type: ignore[no-any-return]

    def states(self, task: str, batch: Batch) -> Tensor:
        """The encoder's last states for a batch of one task: (R, L, D)."""
        return run_encoder(self.encoder_of(task), batch)

    def penalty(self, tasks: Sequence[str]) -> Tensor | None:
        """The term that a step of `tasks` minimises beside their losses, in nats: (); None for no such term."""
        return None

    @property
    def passes(self) -> int:
        """Number of encoders that one task's forward pass computes."""
        return 1

    def parameters_of(self, task: str) -> list[nn.Parameter]:
        """Every parameter that a step of the task may train, each once."""
        parameters = [*self.encoder_of(task).parameters(), *self.heads[task].parameters()]
        return [parameter for parameter in dict.fromkeys(parameters) if parameter.requires_grad]

    def new_parameters(self) -> list[nn.Parameter]:
        """Parameters that do not come from the pretrained encoder."""
        return list(self.heads.parameters())

    def layer_mix(self) -> list[LayerMix]:
        """The weights by which tasks read each other's layers, as they are now; empty where nothing is mixed so."""
        return []

    def own_rates(self) -> dict[nn.Parameter, float]:
        """Learning rates of parameters that have one of their own, as multiples of the rate of new parameters."""
        return {}

    def shared_parameters(self) -> list[nn.Parameter]:
        """Parameters that more than one task trains."""
        users: dict[nn.Parameter, int] = {}
        for task in self.heads:
            for parameter in self.parameters_of(task):
                users[parameter] = users.get(parameter, 0) + 1
        return [parameter for parameter, count in users.items() if count > 1]

    def counts(self) -> dict[str, int]:
        """Numbers of parameters: shared, task_only, frozen, and total, which is their sum."""
        trained = sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)
        total = sum(parameter.numel() for parameter in self.parameters())
        shared = sum(parameter.numel() for parameter in self.shared_parameters())
        return {"shared": shared, "task_only": trained - shared, "frozen": total - trained, "total": total}

    def encoder_share(self, task: str) -> float:
        """Share of the task's encoder that a step of the task trains, 0 to 1."""
        parts = list(self.encoder_of(task).parameters())
        mine = set(self.parameters_of(task))
        return sum(part.numel() for part in parts if part in mine) / sum(part.numel() for part in parts)


def run_encoder(encoder: nn.Module, batch: Batch) -> Tensor:
    """An encoder's last states for a batch: (R, L, D)."""
    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
    if batch.token_type_ids is not None:
        inputs["token_type_ids"] = batch.token_type_ids
    return cast(Tensor, encoder(**inputs).last_hidden_state)


def _tuned(task: str) -> str:
    """Name of the buffer with the number that was chosen for a task."""
    return f"tuned_for_{task}"
