"""Facts of a run, for its report and for comparisons."""

from __future__ import annotations

import hashlib
from typing import Any

import torch

from mtl_core.engine.session import Session


def data_fingerprint(session: Session) -> str:
    """Sixteen characters that change when an example, a label or a limit of any task does."""
    prints = [f"{name}:{one.splits.fingerprint()}" for name, one in sorted(session.tasks.items())]
    return hashlib.sha256("|".join(prints).encode()).hexdigest()[:16]


def facts(session: Session) -> dict[str, Any]:
    """Sizes, parameters, device and what is to be known of the data."""
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
                "notes": list(one.splits.notes),
            }
            for name, one in session.tasks.items()
        },
        "device": torch.cuda.get_device_name(session.device) if session.device.type == "cuda" else "cpu",
        "memory_estimate_bytes": session.memory_bytes,
        "threads": torch.get_num_threads(),
        "attention_dropout": session.attention_dropout,
    }
