"""Facts of a run, for its report and for comparisons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from mtl_core.data.sources import Splits, overlaps
from mtl_core.engine.session import Session
from mtl_core.kinds import Task, _layout


def data_fingerprint(session: Session) -> str:
    """Sixteen characters that change when an example, a label or a limit of any task does."""
    return fingerprint_of({name: one.splits for name, one in session.tasks.items()})


def fingerprint_of(splits: Mapping[str, Splits]) -> str:
    """The same for the data of some tasks by name: a run of one task has that of the task alone."""
    prints = [f"{name}:{own.fingerprint()}" for name, own in sorted(splits.items())]
    return hashlib.sha256("|".join(prints).encode()).hexdigest()[:16]


def facts(session: Session) -> dict[str, Any]:
    """Sizes, parameters, device and what is to be known of the data."""
    common = overlaps({name: one.splits for name, one in session.tasks.items()})
    return {
        "parameters": session.model.counts(),
        "encoder_shares": {name: session.model.encoder_share(name) for name in session.tasks},
        "data": {
            name: {
                "train": len(one.splits.train),
                "selection": len(one.splits.selection),
                "dev": len(one.splits.dev),
                "clusters": one.splits.clusters(),
                "fingerprint": one.splits.fingerprint(),
                "parts": one.splits.parts(),
                "files": _files(session, one.task),
                "notes": list(one.splits.notes),
                "version": session.config.version_of(name),
                "overlap": common.get(name, {}),
            }
            for name, one in session.tasks.items()
        },
        "device": torch.cuda.get_device_name(session.device) if session.device.type == "cuda" else "cpu",
        "memory_estimate_bytes": session.memory_bytes,
        "threads": torch.get_num_threads(),
        "attention_dropout": session.attention_dropout,
    }


def _files(session: Session, task: Task) -> dict[str, str]:
    """Hashes of the folder's files, by which a later study knows whether it would read the same."""
    source, data = session.config.place_of(task.name)
    if source != "folder":
        return {}
    hashes = _layout.hashes(task, Path(data or "").expanduser())
    return {place: str(file["sha256"]) for place, file in hashes.items()}
