"""An encoder's calls of its layers, recorded by running it once: methods that reach between layers build on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mtl_core.encoders.layers import layers_of, view
from mtl_core.errors import EncoderError


@dataclass(frozen=True, slots=True)
class Call:
    """The inputs and the output of one layer."""

    inputs: tuple[Any, ...]
    """The states first."""
    named: dict[str, Any]
    output: Any
    normalised: Any
    """The output of its last LayerNorm."""


@dataclass(frozen=True, slots=True)
class LayerCalls:
    """One token's way through an encoder."""

    calls: list[Call]
    states: Tensor
    """The encoder's last states."""

    @property
    def beside_states(self) -> int | None:
        """Number of outputs that layers give beside their states; None where they give states alone, not a tuple."""
        output = self.calls[0].output
        return len(output) - 1 if isinstance(output, tuple) else None

    def ends_in_norms(self) -> bool:
        """True where each layer's output is that of its last LayerNorm, as in BERT."""
        return all(states_of(call.output) is call.normalised for call in self.calls)

    def ends_in_layers(self) -> bool:
        """True where each layer but the first is given the states of the one below it and nothing else that is new, and
        the encoder gives the states of the last."""
        first = self.calls[0]
        return self.states is states_of(self.calls[-1].output) and all(
            above.inputs[0] is states_of(below.output)
            and all(mine is its for mine, its in zip(above.inputs[1:], first.inputs[1:], strict=True))
            and all(above.named[name] is first.named[name] for name in first.named)
            for below, above in zip(self.calls, self.calls[1:], strict=False)
        )


def states_of(output: Any) -> Tensor:
    """A layer's states: some layers give them alone, some first in a tuple."""
    states: Tensor = output[0] if isinstance(output, tuple) else output
    return states


def last_norm(layer: nn.Module) -> nn.LayerNorm | None:
    """The layer's last LayerNorm; None where it has none."""
    return next((part for part in reversed(list(layer.modules())) if isinstance(part, nn.LayerNorm)), None)


@torch.no_grad()
def run(encoder: nn.Module) -> LayerCalls:
    """Sends one token through a view of the encoder; draws no random number and leaves no trace in the encoder.

    Raises EncoderError for an encoder without a list of layers, or one that does not call them as modules.
    """
    seen, calls = view(encoder).eval(), list[Call]()
    layers = layers_of(seen)
    for layer in layers:
        _listen(layer, calls)
    no_padding = int(getattr(encoder.config, "pad_token_id", None) == 0)
    token = torch.full((1, 1), no_padding, device=next(encoder.parameters()).device)
    states = seen(input_ids=token).last_hidden_state
    if len(calls) != len(layers):
        raise refuse(encoder, "does not call its layers one after the other")
    return LayerCalls(calls, states)


def refuse(encoder: nn.Module, reason: str) -> EncoderError:
    """The error for an encoder on whose layers a method can't work."""
    kind = getattr(encoder.config, "model_type", type(encoder).__name__)
    return EncoderError(f"an encoder of the type '{kind}' {reason}. Use one such as BERT.")


def _listen(layer: nn.Module, calls: list[Call]) -> None:
    norm, normalised = last_norm(layer), list[Any]()
    if norm is not None:
        norm.register_forward_hook(lambda _part, _inputs, output: normalised.append(output))

    def note(_layer: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        calls.append(Call(inputs, named, output, normalised[-1] if normalised else None))

    layer.register_forward_hook(note, with_kwargs=True)
