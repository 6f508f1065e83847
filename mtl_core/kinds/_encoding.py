"""Whole texts as rows of tokens, for kinds that answer about a text as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtl_core.encoders.batch import Encoded, Ints
from mtl_core.kinds._model import Lengths
from mtl_core.records import Example


def whole_texts(examples: Sequence[Example], tokenizer: Any, lengths: Lengths, targets: NDArray[Any]) -> Encoded:
    """One row an example; of a pair the longer text is cut first. `targets` are the rows' own, (examples, K)."""
    texts = [as_pair(example.inputs, tokenizer) for example in examples]
    return rows_of_texts(texts, tokenizer, lengths, targets, np.arange(len(examples) + 1, dtype=np.int32))


def rows_of_texts(
    texts: Sequence[Sequence[str]], tokenizer: Any, lengths: Lengths, targets: NDArray[Any], first_rows: Ints
) -> Encoded:
    """A row a text, or pair of texts, of which the longer one is cut first. `first_rows`: (examples + 1,)."""
    columns = [list(column) for column in zip(*texts, strict=True)]
    rows = tokenizer(*columns, truncation=True, max_length=lengths.most, return_attention_mask=False)
    return Encoded(
        tokens=np.fromiter((token for row in rows["input_ids"] for token in row), np.int32),
        types=np.fromiter((kind for row in rows.get("token_type_ids", []) for kind in row), np.int32),
        offsets=np.empty((0, 2), np.int32),
        starts=np.cumsum([0, *map(len, rows["input_ids"])], dtype=np.int32),
        first_rows=first_rows,
        targets=targets,
    )


def as_pair(inputs: Sequence[str], tokenizer: Any) -> tuple[str, ...]:
    """One text or two as they are; of more, the last is the second one, and separators stand between the others."""
    if len(inputs) < 3:
        return tuple(inputs)
    between = f" {tokenizer.sep_token} " if tokenizer.sep_token else " "
    return between.join(inputs[:-1]), inputs[-1]
