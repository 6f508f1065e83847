"""The parts of a pretrained encoder: its layers, what lies below them, and views that share some of them."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy

from torch import Tensor, nn

from mtl_core.errors import EncoderError


def layers_of(encoder: nn.Module) -> nn.ModuleList:
    """The encoder's layers, lowest first. Raises EncoderError for one that does not keep them in a list, or uses
    one layer several times."""
    config = encoder.config
    count = int(getattr(config, "num_hidden_layers", 0) or getattr(config, "n_layers", 0))
    lists = [part for part in encoder.modules() if isinstance(part, nn.ModuleList) and len(part) == count]
    if not count or not lists or getattr(config, "num_hidden_groups", None):
        kind = getattr(config, "model_type", type(encoder).__name__)
        raise EncoderError(f"an encoder of the type '{kind}' has no list of layers to work on. Use one such as BERT.")
    return lists[0]


def depths(encoder: nn.Module) -> dict[nn.Parameter, int]:
    """Each parameter's layer, counted from 1; embeddings are 0, tables of relative positions among them; what else
    follows the layers belongs to the last."""
    layers = layers_of(encoder)
    depth_of = {parameter: number for number, layer in enumerate(layers, start=1) for parameter in layer.parameters()}
    tables = {part.weight for part in encoder.modules() if isinstance(part, nn.Embedding)} - depth_of.keys()
    seen = False
    for parameter in encoder.parameters():
        seen = seen or parameter in depth_of
        depth_of.setdefault(parameter, len(layers) if seen and parameter not in tables else 0)
    return depth_of


def view(encoder: nn.Module, own: Collection[Tensor] = ()) -> nn.Module:
    """Another encoder over the same parameters and buffers, but for those in `own`, which it gets a copy of.

    Its modules are its own, so they can be wrapped or replaced without a trace in the encoder.
    """
    own_ids = {id(tensor) for tensor in own}
    tensors = [*encoder.parameters(), *encoder.buffers()]
    shared = {id(tensor): tensor for tensor in tensors if id(tensor) not in own_ids}
    return deepcopy(encoder, shared)
