"""Reads names, first lines and settings off the classes in sharing/, schedules/ and balancing/.

A class's keyword-only arguments are its settings: `share: Annotated[float, Field(gt=0, lt=1, description="…")] = 0.5`.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from transformers import BertConfig, BertModel

from mtl_core import catalogue as catalogues
from mtl_core import registry
from mtl_core.catalogue import FIELDS
from mtl_core.config import RunConfig
from mtl_core.errors import Fault
from mtl_core.kinds import HeadShape
from mtl_core.sharing import Sharing


def catalogue() -> dict[str, dict[str, dict[str, Any]]]:
    """All methods as one JSON document: family → name → facts (the fields of catalogue.Method)."""
    found: dict[str, dict[str, dict[str, Any]]] = {family: {} for family in FIELDS}
    for family in FIELDS:
        for name, method in registry.load_all(family).items():
            layers = shared_layers(method) if issubclass(method, Sharing) else ()
            found[family][name] = _facts(method, layers)
    return found


def config_faults(config: RunConfig) -> list[Fault]:
    """What is wrong with the methods of a config: their settings, and whether they go together."""
    known = {
        family: {
            name: catalogues.method(family, _facts(registry.load(family, name), layers=()))
            for name in (registry.names(family) if family == "schedules" else [getattr(config, field)])
        }
        for family, field in FIELDS.items()
    }
    return catalogues.config_faults(known, config.model_dump())


def settings_model(method: type) -> type[BaseModel]:
    """The keyword-only arguments of a method's class as a pydantic model."""
    hints = get_type_hints(method.__init__, include_extras=True)  # type: ignore[misc]
    fields: dict[str, Any] = {
        argument.name: (hints[argument.name], argument.default)
        for argument in inspect.signature(method).parameters.values()
        if argument.kind is inspect.Parameter.KEYWORD_ONLY
    }
    return create_model(f"{method.__name__}Settings", __config__=ConfigDict(extra="forbid"), **fields)


def shared_layers(sharing: type[Sharing]) -> tuple[float, ...]:
    """What part of each layer of a small encoder two tasks share under the method's defaults, 0 to 1.

    Measured on a real two-layer BERT, the embeddings first, so no method has to draw itself.
    """
    shape = BertConfig(vocab_size=16, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=8)
    some = [registry.load("tasks", task) for task in registry.names("tasks")[:2]]
    heads = {task.name: sharing.kind_of(task).head(task, HeadShape(shape.hidden_size)) for task in some}
    built = sharing(BertModel(shape, add_pooling_layer=False), heads)
    shared, layers = set(built.shared_parameters()), dict[str, list[tuple[int, bool]]]()
    for path, parameter in built.encoder_of(some[0].name).named_parameters():
        layer = re.search(r"layer\.\d+", path)
        layers.setdefault(layer[0] if layer else "embeddings", []).append((parameter.numel(), parameter in shared))
    return tuple(sum(n for n, both in layer if both) / sum(n for n, _ in layer) for layer in layers.values())


def _facts(method: type, layers: tuple[float, ...]) -> dict[str, Any]:
    docstring = inspect.getdoc(method) or ""
    name: str = method.name  # type: ignore[attr-defined]
    return {
        "name": name,
        "title": getattr(method, "title", "") or name.replace("_", " ").capitalize(),
        "summary": docstring.partition("\n")[0],
        "docstring": docstring,
        "layers": layers,
        "settings": settings_model(method).model_json_schema(),
        "every_task": getattr(method, "every_task", False),
        "needs_shared": getattr(method, "apart", False),
        "shares": getattr(method, "shares", True),
        "needs_layers": getattr(method, "needs_layers", False),
    }
