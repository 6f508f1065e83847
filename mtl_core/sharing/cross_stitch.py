"""Cross-stitch networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Annotated, Any, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

from mtl_core.encoders.heads import Head
from mtl_core.encoders.layers import layers_of, view
from mtl_core.records import LayerMix
from mtl_core.sharing import Sharing
from mtl_core.sharing._layer_calls import refuse, run, states_of


class CrossStitch(Sharing):
    """An encoder for each task, their layers' outputs mixed by learned weights.

    stream[t] = sum over tasks s of mixing[layer][t, s] * layer[s](stream[s]), after every layer; output =
    head[task](stream[task]). One (T, T) tensor a layer, `own` on its diagonal at first, the rest shared out equally.

    The mixing's learning rate is `mixing_rate` times that of heads.

    Source: Misra et al. 2016, "Cross-Stitch Networks for Multi-Task Learning", sections 3 to 5,
    arxiv.org/abs/1604.03539, which gives the mixing 100 to 1,000 times the rate of the rest. Differs from it: one
    weight a layer and pair of tasks, not one a feature; AdamW instead of SGD; the encoders start from one pretrained
    encoder, not from single-task models. A step computes all T encoders and trains them all.
    """

    name = "cross_stitch"
    needs_layers = True

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        own: Annotated[
            float, Field(ge=0, le=1, description="How much of its own layer a task reads at first. 1: nothing else.")
        ] = 0.9,
        mixing_rate: Annotated[
            float, Field(gt=0, le=10_000, description="Learning rate of the mixing weights, times that of the heads.")
        ] = 1.0,
    ) -> None:
        """Raises EncoderError for encoders that do more between their layers, or after them, than pass states on."""
        super().__init__(encoder, heads)
        first, *others = heads
        stitched = Stitched({first: encoder, **{task: deepcopy(encoder) for task in others}}, own)
        self.encoders = nn.ModuleDict({task: _way_of(task, stitched) for task in heads})
        self.mixing_rate = mixing_rate

    def encoder_of(self, task: str) -> nn.Module:
        """All encoders, of which the task's stream is read."""
        return self.encoders[task]

    @property
    def passes(self) -> int:
        """As many as there are tasks."""
        return len(self.heads)

    def new_parameters(self) -> list[nn.Parameter]:
        """Heads and mixing weights."""
        return [*self.heads.parameters(), *self.mixing()]

    def layer_mix(self) -> list[LayerMix]:
        """All mixing weights."""
        return [
            LayerMix(layer, task, source, weight)
            for layer, weights in enumerate(self.mixing(), 1)
            for task, row in zip(self.heads, weights.tolist(), strict=True)
            for source, weight in zip(self.heads, row, strict=True)
        ]

    def own_rates(self) -> dict[nn.Parameter, float]:
        """The mixing weights'."""
        return dict.fromkeys(self.mixing(), self.mixing_rate)

    def mixing(self) -> list[nn.Parameter]:
        """Each layer's weights, lowest first: (T, T), a row for the stream that reads, a column for what it reads."""
        return cast(Stitched, next(iter(self.encoders.values()))).mixing()


class Stitched(nn.Module):
    """All tasks' encoders side by side, and the one stream that a task reads. Keeps nothing between two calls."""

    def __init__(self, encoders: Mapping[str, nn.Module], own: float) -> None:
        super().__init__()
        self.task, *_ = encoders
        self.config = encoders[self.task].config
        layers = [layers_of(encoder) for encoder in encoders.values()]
        starts = {task: _start(encoder) for task, encoder in encoders.items()}
        self.starts = nn.ModuleDict(starts)  # before `layer`, as embeddings come before layers
        self.layer = nn.ModuleList(
            StitchedLayer(dict(zip(encoders, row, strict=True)), own) for row in zip(*layers, strict=True)
        )

    def forward(self, **inputs: Tensor) -> BaseModelOutput:
        """The task's last states, (B, L, D), as the encoder itself gives them."""
        calls = [_call(start, inputs) for start in self.starts.values()]
        streams = tuple(states for states, _, _ in calls)
        for layer in self.layer:
            streams = layer(streams, [(rest, named) for _, rest, named in calls])
        return BaseModelOutput(last_hidden_state=streams[list(self.starts).index(self.task)])

    def mixing(self) -> list[nn.Parameter]:
        """Each layer's weights: (T, T)."""
        return [cast(StitchedLayer, layer).mixing for layer in self.layer]


class StitchedLayer(nn.Module):
    """One layer of each task's encoder, their outputs mixed."""

    def __init__(self, streams: Mapping[str, nn.Module], own: float) -> None:
        super().__init__()
        self.streams = nn.ModuleDict(streams)
        count = len(streams)
        rest = (1 - own) / (count - 1) if count > 1 else 0.0
        mixing = torch.full((count, count), rest).fill_diagonal_(own if count > 1 else 1.0)
        self.mixing = nn.Parameter(mixing.to(next(self.streams.parameters()).device))

    def forward(self, states: tuple[Tensor, ...], others: Sequence[tuple[Any, Any]]) -> tuple[Tensor, ...]:
        """T times (B, L, D) -> T times (B, L, D); `others` is what each stream's layers are given beside states."""
        outputs = [
            states_of(layer(own, *rest, **named))
            for layer, own, (rest, named) in zip(self.streams.values(), states, others, strict=True)
        ]
        # multiplied one by one: a matrix product would round the streams to bf16 under autocast
        return tuple(sum(part * output for part, output in zip(row, outputs, strict=True)) for row in self.mixing)


class _Through(nn.Module):
    """Stands where an encoder's layers were and passes the states on."""

    def __init__(self, beside_states: int | None) -> None:
        super().__init__()
        self.beside_states = beside_states

    def forward(self, states: Tensor, *_rest: Any, **_named: Any) -> Any:
        return states if self.beside_states is None else (states, *[None] * self.beside_states)


def _start(encoder: nn.Module) -> nn.Module:
    """The part of an encoder before its layers: a view of it without them."""
    seen, start = run(encoder), view(encoder)
    if not seen.ends_in_layers():
        raise refuse(encoder, "does more than its layers do, so they can't be stitched to another's")
    layers = layers_of(start)
    parent, name = next(
        (part, name) for part in start.modules() for name, child in part.named_children() if child is layers
    )
    setattr(parent, name, nn.Sequential(_Through(seen.beside_states)))
    return start


def _call(start: nn.Module, inputs: Mapping[str, Tensor]) -> tuple[Tensor, tuple[Any, ...], dict[str, Any]]:
    """The arguments of an encoder's first layer: states, and the rest by position and by name."""
    [through] = [part for part in start.modules() if isinstance(part, _Through)]
    seen: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    hook = through.register_forward_pre_hook(lambda _, given, named: seen.append((given, named)), with_kwargs=True)
    try:
        start(**inputs)
    finally:
        hook.remove()
    [(given, named)] = seen
    return given[0], given[1:], named


def _way_of(task: str, stitched: Stitched) -> Stitched:
    own = cast(Stitched, view(stitched))
    own.task = task
    return own
