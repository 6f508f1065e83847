"""Low-rank adapters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from torch import nn

from mtl_core.encoders.heads import Head
from mtl_core.encoders.layers import layers_of, view
from mtl_core.errors import EncoderError
from mtl_core.sharing import Sharing
from mtl_core.sharing._layer_calls import refuse

ATTENTION = ("query", "value", "q", "v", "q_lin", "v_lin", "q_proj", "v_proj", "query_proj", "value_proj")
"""Names that encoders give the projections to queries and to values."""


class Adapter(Sharing):
    """One encoder, and a low-rank change to some of its matrices for each task.

    W[task] x = W x + alpha / rank * B[task] A[task] x, A of `rank` rows and drawn, B of `rank` columns and zero at
    first, so a run starts as `hard`. W is the encoder's, one for all tasks.

    Source: Hu et al. 2021, "LoRA", section 4, arxiv.org/abs/2106.09685; a small module a task in one encoder: Houlsby
    et al. 2019, arxiv.org/abs/1902.00751. Differs from them: they freeze the encoder, so that tasks do not touch each
    other at all. Here it is trained by all tasks unless `train_encoder` is off; then nothing is shared that learns.
    Adapters are new and like a higher rate than the encoder: see `head_rate`.
    """

    name = "adapter"
    needs_layers = True

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        rank: Annotated[int, Field(ge=1, le=1024, description="Rank of the changes: higher ones express more.")] = 8,
        alpha: Annotated[float, Field(gt=0, description="Strength of the changes; they count alpha / rank.")] = 16.0,
        dropout: Annotated[float, Field(ge=0, lt=1, description="Share of an adapter's inputs that is dropped.")] = 0.0,
        where: Annotated[
            Literal["attention", "all"],
            Field(description="Which matrices: queries and values of attention, or all of the layers."),
        ] = "attention",
        train_encoder: Annotated[
            bool, Field(description="Whether tasks train the encoder too. If not, they learn nothing in common.")
        ] = True,
    ) -> None:
        """Raises EncoderError where the encoder has no such matrices."""
        super().__init__(encoder, heads)
        self.encoder = encoder
        trained = {parameter for parameter in encoder.parameters() if parameter.requires_grad and train_encoder}
        names = _targets(encoder, where)
        self.encoders = nn.ModuleDict({task: _adapted(encoder, names, rank, alpha, dropout) for task in heads})
        for parameter in encoder.parameters():  # peft froze them
            parameter.requires_grad_(parameter in trained)

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder with the task's adapters."""
        return self.encoders[task]

    def new_parameters(self) -> list[nn.Parameter]:
        """Heads and adapters."""
        pretrained = set(self.encoder.parameters())
        return [parameter for parameter in self.parameters() if parameter not in pretrained]


def _targets(encoder: nn.Module, where: str) -> list[str]:
    """Full names of the linear parts of the layers that get an adapter."""
    inside = {id(part) for part in layers_of(encoder).modules() if isinstance(part, nn.Linear)}
    names = [name for name, part in encoder.named_modules() if id(part) in inside]
    if where == "attention":
        names = [name for name in names if name.rpartition(".")[2] in ATTENTION]
    if names:
        return names
    kind = getattr(encoder.config, "model_type", type(encoder).__name__)
    if inside:
        advice = "Use 'all' for where, or an encoder such as BERT."
        raise EncoderError(f"an encoder of the type '{kind}' has no queries and values of a known name. {advice}")
    raise refuse(encoder, "has no linear layers, which adapters change")


def _adapted(encoder: nn.Module, names: list[str], rank: int, alpha: float, dropout: float) -> nn.Module:
    """A view of the encoder with new adapters."""
    from peft import LoraConfig, inject_adapter_in_model  # takes seconds

    settings = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=names, bias="none")
    adapted: nn.Module = inject_adapter_in_model(settings, view(encoder))
    return adapted
