"""Checkpoints on disk: safetensors and nothing else, each one file that is there whole or not at all.

`best/` holds the weights that scored best on the validation split, `last/` all that a run needs to resume.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mtl_core.config.trained_run import ENCODER as ENCODER
from mtl_core.config.trained_run import ENCODERS as ENCODERS
from mtl_core.config.trained_run import STATE as STATE
from mtl_core.config.trained_run import WEIGHTS as WEIGHTS
from mtl_core.disk import shared, whole
from mtl_core.errors import EncoderError

POSITION = "position"
"""Key in a file's header under which the step, the scores and so on are stored."""
MODEL = "model"


def save(model: nn.Module, folder: Path, position: Mapping[str, Any]) -> None:
    """Writes weights and `position` (step, scores, ...) into `folder`; a crash leaves the old ones whole."""
    _write(folder / WEIGHTS, weights_of(model), position)


def save_state(parts: Mapping[str, Mapping[str, Tensor]], folder: Path, position: Mapping[str, Any]) -> None:
    """Writes all that a run needs to resume, part by part ("model", "optimiser", ...); a crash leaves the old whole."""
    tensors = {f"{part}.{name}": tensor for part, named in parts.items() for name, tensor in named.items()}
    _write(folder / STATE, tensors, position)


def load_state(folder: Path) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]] | None:
    """The parts and the position that `save_state` wrote, None where there are none. Raises EncoderError."""
    path = folder / STATE
    if not path.exists():
        return None
    try:
        position = position_of(path)
        parts: dict[str, dict[str, Tensor]] = {}
        for name, tensor in load_file(path).items():
            part, _, rest = name.partition(".")
            parts.setdefault(part, {})[rest] = tensor
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise EncoderError(f"the checkpoint {path} can't be read: {error}. Launch the run again.") from error
    return parts, position


def position_of(path: Path) -> dict[str, Any]:
    """The values saved beside a checkpoint's tensors: step, scores, ..."""
    with safe_open(path, "pt") as file:
        position: dict[str, Any] = json.loads(file.metadata()[POSITION])
    return position


def save_encoder(tokenizer: Any, encoder_config: Any, folder: Path, pool: Path) -> None:
    """Keeps the encoder's tokenizer and settings beside the weights, so that the run's folder is enough to predict.

    The disk has them once: runs of the same encoder have links to the one copy in `pool`.
    """
    tokenizer.backend_tokenizer.no_truncation()  # what the last text was cut to, which each call says anew
    tokenizer.backend_tokenizer.no_padding()
    with tempfile.TemporaryDirectory(prefix="tandem-encoder-") as draft:
        tokenizer.save_pretrained(draft)
        encoder_config.save_pretrained(draft)
        shared.keep(Path(draft), folder / ENCODER, pool)


def load(model: nn.Module, folder: Path) -> None:
    """Puts the weights of a checkpoint, `best` or `last`, into a model of the same make.

    Raises EncoderError when there are none, or others.
    """
    if (folder / WEIGHTS).exists():
        put_weights(model, load_file(folder / WEIGHTS), folder / WEIGHTS)
        return
    state = load_state(folder)
    if state is None or MODEL not in state[0]:
        raise EncoderError(f"there are no weights at {folder}. The run ended before its first checkpoint.")
    put_weights(model, state[0][MODEL], folder / STATE)


def has_weights(folder: Path) -> bool:
    """True where a checkpoint holds a model."""
    if (folder / WEIGHTS).exists():
        return True
    if not (folder / STATE).exists():
        return False
    with safe_open(folder / STATE, "pt") as file:
        return any(name.startswith(f"{MODEL}.") for name in file.keys())  # noqa: SIM118  no mapping


def weights_of(model: nn.Module) -> dict[str, Tensor]:
    """A module's parameters and buffers, each once under its first name, also where parts are shared."""
    first: dict[int, str] = {}
    state = model.state_dict(keep_vars=True)
    return {name: tensor.detach() for name, tensor in state.items() if first.setdefault(id(tensor), name) == name}


def put_weights(model: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Copies saved weights into a model of the same make. Raises EncoderError where they are others."""
    wanted = weights_of(model)
    wrong = sorted(wanted.keys() ^ weights.keys())
    wrong = wrong or [name for name, tensor in wanted.items() if tensor.shape != weights[name].shape]
    if wrong:
        raise EncoderError(f"the weights at {path} belong to another model: {', '.join(wrong[:3])} do not fit.")
    with torch.no_grad():
        for name, tensor in wanted.items():
            tensor.copy_(weights[name])


def optimiser_state(optimiser: torch.optim.Optimizer | None) -> dict[str, Tensor]:
    """An optimiser's state by parameter number: "3.exp_avg"."""
    state = optimiser.state_dict()["state"] if optimiser else {}
    return {f"{number}.{name}": tensor for number, known in state.items() for name, tensor in known.items()}


def put_optimiser_state(optimiser: torch.optim.Optimizer | None, saved: Mapping[str, Tensor]) -> None:
    """Restores an optimiser from what `optimiser_state` returned."""
    if optimiser is None:
        return
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in saved.items():
        number, _, key = name.partition(".")
        state.setdefault(int(number), {})[key] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})


def _write(path: Path, tensors: Mapping[str, Tensor], position: Mapping[str, Any]) -> None:
    # a tensor that shares its memory with another, or is a view, is written as one of its own
    own = {name: tensor.contiguous() for name, tensor in tensors.items()}
    with whole.replacing(path, sync=True) as draft:
        save_file(own, draft, {POSITION: json.dumps(position)})
