"""Weights on disk: safetensors and nothing else, the whole file or the one before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import nn

from mtl_core.errors import EncoderError

WEIGHTS = "model.safetensors"
POSITION = "position.json"
ENCODER = "encoder"
"""Folder of the encoder's tokenizer and settings."""


def save(model: nn.Module, folder: Path, position: dict[str, Any]) -> None:
    """Writes weights and `position` (step, scores, ...) into `folder`; a crash leaves the old ones whole."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{WEIGHTS}.draft"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, draft)
    draft.replace(folder / WEIGHTS)
    note = folder / f"{POSITION}.draft"
    note.write_text(json.dumps(position) + "\n", "utf-8")
    note.replace(folder / POSITION)


def save_encoder(tokenizer: Any, encoder_config: Any, folder: Path) -> None:
    """Keeps the encoder's tokenizer and settings beside the weights, so that the run's folder is enough to predict."""
    tokenizer.save_pretrained(folder / ENCODER)
    encoder_config.save_pretrained(folder / ENCODER)


def load(model: nn.Module, folder: Path) -> None:
    """Puts saved weights into a model of the same make. Raises EncoderError when there are none, or others."""
    path = folder / WEIGHTS
    if not path.exists():
        raise EncoderError(f"there are no weights at {path}. The run ended before its first checkpoint.")
    try:
        model.load_state_dict(load_file(path))
    except RuntimeError as error:
        raise EncoderError(f"the weights at {path} belong to another model: {error}") from error
