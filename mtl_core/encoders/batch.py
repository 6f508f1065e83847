"""Encoded examples in flat arrays, and rows of them as one batch: what encoders and heads read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """All inputs of a split. An example is one row, or several where a long context is split into windows."""

    tokens: Ints
    """Token ids of all rows, one after the other."""
    types: Ints
    """Token types beside `tokens`; empty where the encoder has none."""
    offsets: Ints
    """(tokens, 2): characters of the context that a token covers, -1 outside it; empty where not kept."""
    starts: Ints
    """(rows + 1,): where each row begins in `tokens`."""
    first_rows: Ints
    """(examples + 1,): each example's first row."""
    targets: NDArray[Any]
    """(rows, K): whole numbers such as a label or first and last token of the answer, or real ones."""

    @property
    def examples(self) -> int:
        """Number of examples."""
        return len(self.first_rows) - 1

    def lengths(self) -> Ints:
        """(examples,): tokens of each example's longest row."""
        rows = np.diff(self.starts)
        return np.maximum.reduceat(rows, self.first_rows[:-1]) if self.examples else rows


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows padded to the longest of them: R rows of L tokens."""

    input_ids: Tensor
    """(R, L)"""
    attention_mask: Tensor
    """(R, L): 1 for tokens, 0 for padding."""
    token_type_ids: Tensor | None
    """(R, L)"""
    context_mask: Tensor | None
    """(R, L): True for tokens of the context, where an answer may lie; None where offsets were not kept."""
    targets: Tensor
    """(R, K)"""
    rows: Ints
    """(R,): which rows of the split these are."""

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        if device.type == "cpu":
            return self

        def move(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.pin_memory().to(device, non_blocking=True)

        return Batch(
            input_ids=move(self.input_ids),  # type: ignore[arg-type]
            attention_mask=move(self.attention_mask),  # type: ignore[arg-type]
            token_type_ids=move(self.token_type_ids),
            context_mask=move(self.context_mask),
            targets=move(self.targets),  # type: ignore[arg-type]
            rows=self.rows,
        )
