"""Tiny encoders of several makes, for methods that reach into layers."""

from __future__ import annotations

from typing import Any

import torch
import transformers
from torch import nn

from mtl_core import registry
from mtl_core.encoders.heads import HeadShape
from mtl_core.sharing import Sharing
from tests import toy

LAYERS = 3
SMALL = {
    "hidden_size": toy.WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 2,
    "intermediate_size": 2 * toy.WIDTH,
    "max_position_embeddings": 64,
}
DISTILLED = {"dim": toy.WIDTH, "n_layers": LAYERS, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 64}
MAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "albert": ("Albert", SMALL),
    "deberta": ("Deberta", {**SMALL, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]}),
    "distilbert": ("DistilBert", DISTILLED),
    "electra": ("Electra", {**SMALL, "embedding_size": 8}),
    "fnet": ("FNet", {name: value for name, value in SMALL.items() if name != "num_attention_heads"}),
    "mpnet": ("MPNet", SMALL),
    "roberta": ("Roberta", SMALL),
    "roberta-prelayernorm": ("RobertaPreLayerNorm", SMALL),
    "squeezebert": ("SqueezeBert", {**SMALL, "embedding_size": toy.WIDTH}),
}


def encoder(make: str) -> nn.Module:
    """A three-layer encoder, the same each time, without dropout."""
    name, shape = MAKES[make]
    config = getattr(transformers, f"{name}Config")(vocab_size=len(toy.tokenizer()), **shape)
    torch.manual_seed(0)
    made: nn.Module = getattr(transformers, f"{name}Model")(config)
    for part in made.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    return made


def model(sharing: str, make: str, tasks: tuple[str, ...] = toy.TASKS, **settings: Any) -> Sharing:
    """A sharing over such an encoder."""
    method, heads = registry.load("sharing", sharing), {}
    for place, name in enumerate(tasks):
        task = registry.load("tasks", name)
        heads[name] = method.kind_of(task).head(task, HeadShape(toy.WIDTH, 0.0, tokenizer=toy.tokenizer()))
        heads[name].renew(7 + place)
    found = encoder(make)
    torch.manual_seed(1)
    made: Sharing = method(found, heads, **settings)
    return made
