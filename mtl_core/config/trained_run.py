"""A run that has a model, as other runs and the predictor see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtl_core.config.run import RunConfig

WEIGHTS, STATE = "model.safetensors", "state.safetensors"
"""A checkpoint's files: what answers, and what a run needs to resume."""
ENCODER = "encoder"
"""Folder among a run's checkpoints of its encoder's tokenizer and settings."""
ENCODERS = "encoders"
"""Folder in the cache that holds what runs of one encoder have in common."""


@dataclass(frozen=True, slots=True)
class TrainedRun:
    """A run that another one starts from, or learns from, or that answers."""

    id: str
    config: RunConfig
    state: str
    """A RunState, or "" before its first end."""
    checkpoints: Path
