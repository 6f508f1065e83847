"""Texts as rows of tokens: whole, for kinds that answer about a text as a whole, or in windows, for those that answer
about its words."""

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


class Windows:
    """Rows in which texts are read from end to end, each overlapping the one before by `lengths.stride` tokens."""

    def __init__(self, tokenizer: Any, lengths: Lengths, *texts: Sequence[str]) -> None:
        """`texts`: those to read, one an example; or first texts that stand whole in each row, then those."""
        self.examples = len(texts[0])
        self._rows = tokenizer(
            *texts,
            truncation="only_second" if len(texts) > 1 else True,
            max_length=lengths.most,
            stride=lengths.stride,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_attention_mask=False,
        )
        self.owners: Ints = np.array(self._rows["overflow_to_sample_mapping"], dtype=np.int32)
        """(R,): each row's example."""
        self.offsets = [self._offsets(row, len(texts) - 1) for row in range(len(self.owners))]
        """(L, 2) each: characters of the text that the row's tokens cover, -1 for tokens outside it."""

    def _offsets(self, row: int, read: int) -> Ints:
        offsets = np.array(self._rows["offset_mapping"][row], dtype=np.int32).reshape(-1, 2)
        offsets[np.array([part != read for part in self._rows.sequence_ids(row)])] = -1
        return offsets

    def encoded(self, targets: Ints) -> Encoded:
        """The rows with their targets, (R, K)."""
        rows, types = self._rows["input_ids"], self._rows.get("token_type_ids", [])
        return Encoded(
            tokens=np.fromiter((token for row in rows for token in row), np.int32),
            types=np.fromiter((kind for row in types for kind in row), np.int32),
            offsets=np.concatenate(self.offsets),
            starts=np.cumsum([0, *map(len, rows)], dtype=np.int32),
            first_rows=np.searchsorted(self.owners, np.arange(self.examples + 1)).astype(np.int32),
            targets=targets,
        )


def as_pair(inputs: Sequence[str], tokenizer: Any) -> tuple[str, ...]:
    """One text or two as they are; of more, the last is the second one, and separators stand between the others."""
    if len(inputs) < 3:
        return tuple(inputs)
    between = f" {tokenizer.sep_token} " if tokenizer.sep_token else " "
    return between.join(inputs[:-1]), inputs[-1]
