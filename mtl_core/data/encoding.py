"""Encoding once: token ids are kept on disk under a fingerprint of data, tokenizer and lengths."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from safetensors.numpy import load_file, save_file

from mtl_core.data.examples import digest_of
from mtl_core.disk import whole
from mtl_core.encoders.batch import Encoded
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._model import KindModel, Lengths
from mtl_core.records import Example

FORM = 1
"""Raised whenever encoding changes, so that no old file is taken for a new one."""


def encode(
    kind: KindModel,
    task: Task,
    examples: Sequence[Example],
    tokenizer: Any,
    *,
    tokenizer_print: str,
    lengths: Lengths,
    cache: Path,
) -> Encoded:
    """Token ids of the examples as `kind` asks them, from the cache where they were encoded before."""
    labels = "|".join(kind_of(task).options(task))  # some kinds write them into the rows
    key = f"{FORM}:{kind.name}:{labels}:{digest_of(examples)}:{tokenizer_print}:{lengths.most}:{lengths.stride}"
    path = cache / "encoded" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.safetensors"
    if path.exists():
        tensors = load_file(path)
        return Encoded(**{field.name: tensors[field.name] for field in fields(Encoded)})
    encoded = kind.encode(task, examples, tokenizer, lengths)
    with whole.replacing(path) as draft:
        save_file(asdict(encoded), draft)
    return encoded
