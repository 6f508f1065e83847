"""Whole texts as rows of tokens, for kinds that answer about a text as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtl_core.encoders.batch import Encoded
from mtl_core.kinds._model import Lengths
from mtl_core.records import Example


def whole_texts(examples: Sequence[Example], tokenizer: Any, lengths: Lengths, targets: NDArray[Any]) -> Encoded:
    """One row an example; of a pair the longer text is cut first. `targets` are the rows' own, (examples, K)."""
    columns = [list(column) for column in zip(*(example.inputs for example in examples), strict=True)]
    rows = tokenizer(*columns, truncation=True, max_length=lengths.most, return_attention_mask=False)
    return Encoded(
        tokens=np.fromiter((token for row in rows["input_ids"] for token in row), np.int32),
        types=np.fromiter((kind for row in rows.get("token_type_ids", []) for kind in row), np.int32),
        offsets=np.empty((0, 2), np.int32),
        starts=np.cumsum([0, *map(len, rows["input_ids"])], dtype=np.int32),
        first_rows=np.arange(len(examples) + 1, dtype=np.int32),
        targets=targets,
    )
