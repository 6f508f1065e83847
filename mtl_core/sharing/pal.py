"""Projected attention layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from mtl_core.encoders.heads import Head
from mtl_core.encoders.layers import layers_of, view
from mtl_core.sharing import Sharing
from mtl_core.sharing._layer_calls import last_norm, refuse, run


class Pal(Sharing):
    """One encoder, and beside each layer a small attention layer for each task.

    h[l+1] = LN(h' + FFN(h') + V_D g[l](V_E h[l])), h' the states after the layer's attention. g is multi-head
    attention of `size` features without an output projection; V_E and V_D, from the encoder's width to `size` and back,
    are a task's own and the same at all its layers.

    Source: Stickland & Murray 2019, "BERT and PALs: Projected Attention Layers", arxiv.org/abs/1902.02671. Differs
    from it: V_D starts at zero, so a run starts as `hard`; no dropout inside g. The authors' code (BERTPals in
    github.com/AsaCooperStickland/Bert-n-Pals) also has biases, and a GELU after V_D; this is the paper's formula.
    """

    name = "pal"
    title = "PALs"
    needs_layers = True

    def __init__(
        self,
        encoder: nn.Module,
        heads: Mapping[str, Head],
        *,
        size: Annotated[
            int,
            Field(
                ge=1,
                le=4096,
                description="Features of the small layers. The paper takes 204 beside 768.",
                json_schema_extra={"tune": False},  # a multiple of the heads
            ),
        ] = 204,
        attention_heads: Annotated[
            int, Field(ge=1, le=256, description="Heads of the small layers.", json_schema_extra={"tune": False})
        ] = 12,
    ) -> None:
        """Raises ValueError where the heads do not divide the size, EncoderError for an encoder whose layers do not end
        in a LayerNorm."""
        if size % attention_heads:
            fits = max(size // attention_heads, 1) * attention_heads
            raise ValueError(f"size is {size}, which {attention_heads} heads can't share out equally. Use {fits}.")
        if not run(encoder).ends_in_norms():
            raise refuse(encoder, "has layers that do not end in a LayerNorm, where this method adds its own")
        super().__init__(encoder, heads)
        self.encoder = encoder
        self.encoders = nn.ModuleDict({task: _with_pals(encoder, size, attention_heads) for task in heads})

    def encoder_of(self, task: str) -> nn.Module:
        """The one encoder with the task's small layers."""
        return self.encoders[task]

    def new_parameters(self) -> list[nn.Parameter]:
        """Heads and small layers."""
        pretrained = set(self.encoder.parameters())
        return [parameter for parameter in self.parameters() if parameter not in pretrained]


class SmallAttention(nn.Module):
    """Multi-head attention without an output projection."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (_linear(size, size) for _ in range(3))

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """(B, L, S), what `_attention_mask` gives -> (B, L, S)."""
        query, key, value = (
            part(states).unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.query, self.key, self.value)
        )  # (B, heads, L, S / heads) each
        if mask is not None and mask.is_floating_point():
            mask = mask.to(query.dtype)
        return scaled_dot_product_attention(query, key, value, mask).transpose(1, 2).flatten(2)


class LayerWithPal(nn.Module):
    """A layer whose last LayerNorm is also given what a task's small layer made of the layer's input."""

    def __init__(self, layer: nn.Module, down: nn.Linear, attention: SmallAttention, up: nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.down, self.attention, self.up = down, attention, up

    def forward(self, states: Tensor, *rest: Any, **named: Any) -> Any:
        """The layer's output: (B, L, D), alone or in a tuple."""
        added = self.up(self.attention(self.down(states), _attention_mask(rest, named)))
        norm = cast(nn.LayerNorm, last_norm(self.layer))
        hook = norm.register_forward_pre_hook(lambda _, inputs: (inputs[0] + added,))
        try:
            return self.layer(states, *rest, **named)
        finally:
            hook.remove()


def _with_pals(encoder: nn.Module, size: int, heads: int) -> nn.Module:
    """A view of the encoder with new small layers."""
    own = view(encoder)
    layers, (width,) = layers_of(own), cast(nn.LayerNorm, last_norm(own)).normalized_shape
    down, up = _linear(width, size), _linear(size, width)
    nn.init.zeros_(up.weight)
    for place, layer in enumerate(layers):
        layers[place] = LayerWithPal(layer, down, SmallAttention(size, heads), up)
    return own.to(next(encoder.parameters()).device)


def _linear(width: int, to: int) -> nn.Linear:
    """A matrix drawn as BERT's are: normal, 0.02 wide."""
    linear = nn.Linear(width, to, bias=False)
    nn.init.normal_(linear.weight, std=0.02)
    return linear


def _attention_mask(rest: tuple[Any, ...], named: Mapping[str, Any]) -> Tensor | None:
    """The encoder's attention mask, (B, 1, 1 or L, L): False, or far below zero, where attention is shut out."""
    mask: Tensor | None = named.get("attention_mask", rest[0] if rest else None)
    if mask is None:
        return None
    mask = mask if mask.is_floating_point() else mask.bool()
    return mask[:, None, None] if mask.ndim == 2 else mask
