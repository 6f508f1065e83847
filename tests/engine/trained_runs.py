"""Runs trained in folders of their own, as a worker does, for others to build on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from mtl_core.config.run import RunConfig, parse
from mtl_core.engine.events import Event, Finished
from mtl_core.engine.loop import train
from mtl_core.store.workspace import Workspace


def config(own: Path, **values: Any) -> RunConfig:
    sizes = {"train_limit": 32, "eval_limit": 8, "selection_limit": 6, "batch_size": 8, "max_length": 48}
    return parse({"encoder": str(own), "tasks": "sst2,squad", "learning_rate": 1e-3, **sizes, **values})


def events(workspace: Workspace, run_id: str, asked: RunConfig) -> list[Event]:
    """Trains a run in its folder, as a worker does."""
    folder = workspace.run(run_id)
    folder.write_json(folder.config, asked.model_dump(mode="json"))
    found = list(train(asked, folder.checkpoints, cache=workspace.cache, find_run=workspace.find_run))
    assert isinstance(found[-1], Finished)
    folder.write_json(folder.report, {"state": found[-1].state})
    return found


def weights(workspace: Workspace, run_id: str) -> dict[str, torch.Tensor]:
    return load_file(workspace.run(run_id).checkpoints / "best" / "model.safetensors")
