"""Reads names, first lines and settings off the classes in sharing/, schedules/, balancing/ and merging/.

A class's keyword-only arguments are its settings: `share: Annotated[float, Field(gt=0, lt=1, description="…")] = 0.5`.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, get_type_hints

import torch
from pydantic import BaseModel, ConfigDict, create_model
from torch import nn
from transformers import BertConfig, BertModel

from mtl_core import encoders, registry
from mtl_core.balancing import GradientBalancing
from mtl_core.config import methods as catalogues
from mtl_core.config.changed_defaults import new_defaults
from mtl_core.config.methods import FIELDS
from mtl_core.config.run import RunConfig
from mtl_core.data.sample import has_sample
from mtl_core.encoders.heads import HeadShape
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds import Task
from mtl_core.kinds._definition import task_of
from mtl_core.sharing import Sharing


def catalogue() -> dict[str, dict[str, dict[str, Any]]]:
    """All methods as one JSON document: family → name → facts (the fields of catalogue.Method)."""
    document: dict[str, dict[str, dict[str, Any]]] = {family: {} for family in FIELDS}
    costs = json.loads(catalogues.COSTS.read_text("utf-8"))
    for family in FIELDS:
        for name, method in registry.load_all(family).items():
            own = drawing(method) if issubclass(method, Sharing) else {}
            document[family][name] = {**_facts(method), **own, "cost": costs.get(family, {}).get(name)}
    return document


def config_faults(config: RunConfig) -> list[Fault]:
    """Faults in the methods of a config: in their settings, and in their combination."""
    known = {
        family: {
            name: catalogues.method(family, _facts(registry.load(family, name)))
            for name in (registry.names(family) if family == "schedules" else [getattr(config, field)])
            if name
        }
        for family, field in FIELDS.items()
    }
    tasks = [task_of(config.definitions, name) for name in config.tasks]
    faults = catalogues.config_faults(known, config.model_dump())
    return faults or _kind_faults(registry.load("sharing", config.sharing), tasks) or _refusals(config)


def settings_model(method: type) -> type[BaseModel]:
    """The keyword-only arguments of a method's class as a pydantic model, with the defaults of a new config."""
    field = FIELDS.get(method.__module__.split(".")[-2], "")
    new = new_defaults(field, getattr(method, "name", ""))
    hints = get_type_hints(method.__init__, include_extras=True)  # type: ignore[misc]
    fields: dict[str, Any] = {
        argument.name: (hints[argument.name], new.get(argument.name, argument.default))
        for argument in inspect.signature(method).parameters.values()
        if argument.kind is inspect.Parameter.KEYWORD_ONLY
    }
    return create_model(f"{method.__name__}Settings", __config__=ConfigDict(extra="forbid"), **fields)


def drawing(sharing: type[Sharing]) -> dict[str, Any]:
    """The small drawing of a sharing: `layers`, `head` and `linked` of catalogue.Method, by default settings.

    Measured on a BERT of the usual width and six layers, so no method has to draw itself. Its weights are never
    made, so it costs no memory.
    """
    tokenizer = _tokenizer()
    shape = BertConfig(vocab_size=len(tokenizer), num_hidden_layers=6)
    head_shape = HeadShape(shape.hidden_size, tokenizer=tokenizer)
    some = _two_tasks(sharing)
    with torch.device("meta"):
        heads = {task.name: sharing.kind_of(task).head(task, head_shape) for task in some}
        encoder = BertModel(shape, add_pooling_layer=False)
        built = sharing(encoder, heads)
    layers = _shared_layers(built, some[0].name)
    head = _shared_head(built, *(task.name for task in some))
    if _size(built) - _size(built.heads) < len(some) * _size(encoder):
        return {"layers": layers, "head": head, "linked": False}
    mixed = built.shares and any(layers)  # every task has an encoder of its own, and yet trains the others'
    return {"layers": (0.0,) * len(layers), "head": head, "linked": mixed or sharing.penalty is not Sharing.penalty}


def _two_tasks(sharing: type[Sharing]) -> list[Task]:
    """The first two tasks of the sample that the sharing takes."""
    sampled = [task for task in registry.load_all("tasks").values() if has_sample(task)]
    return [task for task in sampled if not _kind_faults(sharing, [task])][:2]


def _kind_faults(sharing: type[Sharing], tasks: Iterable[Task]) -> list[Fault]:
    """Tasks that the sharing can't ask."""
    faults: list[Fault] = []
    for task in tasks:
        try:
            sharing.kind_of(task)
        except InvalidConfig as error:
            faults += error.faults
    return faults


def _size(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _shared_head(built: Sharing, first: str, second: str) -> float:
    """Share of the first task's head that the second trains too, 0 to 1."""
    mine, other = (set(built.parameters_of(t)) - set(built.encoder_of(t).parameters()) for t in (first, second))
    return sum(parameter.numel() for parameter in mine & other) / sum(parameter.numel() for parameter in mine)


def _shared_layers(built: Sharing, task: str) -> tuple[float, ...]:
    """Share of each layer of a task's encoder that other tasks train too, 0 to 1; the embeddings first."""
    shared, layers = set(built.shared_parameters()), dict[str, list[tuple[int, bool]]]()
    for path, parameter in built.encoder_of(task).named_parameters():
        layer = re.search(r"layer\.\d+", path)
        layers.setdefault(layer[0] if layer else "embeddings", []).append((parameter.numel(), parameter in shared))
    return tuple(sum(n for n, both in layer if both) / sum(n for n, _ in layer) for layer in layers.values())


def _refusals(config: RunConfig) -> list[Fault]:
    """Faults that a balancing or a merging reports in settings that are valid one by one: one weight too few, for
    example."""
    field = "balancing_settings"
    try:
        registry.load("balancing", config.balancing)(len(config.tasks), **config.balancing_settings)
        if config.merging:
            field = "merging_settings"
            registry.load("merging", config.merging)(**config.merging_settings)
    except ValueError as error:
        return [Fault(field, str(error))]
    return []


@cache
def _tokenizer() -> Any:
    """The embedded encoder's, for heads that answer in tokens."""
    return encoders.load_tokenizer("embedded")


def _facts(method: type) -> dict[str, Any]:
    docstring = inspect.getdoc(method) or ""
    name: str = method.name  # type: ignore[attr-defined]
    return {
        "name": name,
        "title": getattr(method, "title", "") or name.replace("_", " ").capitalize(),
        "summary": docstring.partition("\n")[0],
        "docstring": docstring,
        "layers": (),
        "settings": settings_model(method).model_json_schema(),
        "every_task": getattr(method, "every_task", False),
        "needs_shared": getattr(method, "needs_task_gradients", False),
        "on_gradients": issubclass(method, GradientBalancing),
        "shares": method.shares if issubclass(method, Sharing) else True,
        "needs_layers": getattr(method, "needs_layers", False),
    }
