"""Tags from each word's first token: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, cat
from torch.nn.functional import cross_entropy, pad

from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.encoders.heads import NEVER, Head, HeadShape, to_outputs
from mtl_core.kinds._encoding import Windows
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds.tagging import Tagging, judged, ranges
from mtl_core.records import Example, Prediction

NO_WORD = -1
"""The target of a token that begins no word."""


class TagHead(Head):
    """Scores each token as each tag by one linear layer (Devlin et al. 2019, section 5.3)."""

    def __init__(self, shape: HeadShape, tags: int) -> None:
        super().__init__()
        self.layers = to_outputs(shape, tags)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(R, L, D) -> (R, C, L) logits; NEVER for tokens that begin no word."""
        logits = self.layers(states).float().transpose(1, 2)
        length = states.shape[1]
        return logits.masked_fill(_cut(batch.targets, length)[:, None] == NO_WORD, NEVER)  # type: ignore[no-any-return]


class TaggingModel(KindModel):
    """Each word's tag from its first token; long texts are split into overlapping windows.

    The loss is a mean over rows of each one's mean over words, so that batches of any lengths add up.
    """

    name = "tagging"
    choices = "tokens"
    windows = True
    never_because = "it has an answer for each word, and not one for the text"

    def encode(self, task: Tagging, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row a window. targets: (rows, K), the tag of the word that a token begins, else NO_WORD."""
        windows = Windows(tokenizer, lengths, [example.inputs[0] for example in examples])
        targets = np.full((len(windows.owners), max(map(len, windows.offsets))), NO_WORD, dtype=np.int32)
        words = [_Words(example) for example in examples]
        for row, (offsets, owner) in enumerate(zip(windows.offsets, windows.owners, strict=True)):
            places = words[owner].begun_by(offsets)
            there = places >= 0
            targets[row, : len(places)][there] = np.array(examples[owner].gold, np.int32)[places[there]]
        return windows.encoded(targets)

    def head(self, task: Tagging, shape: HeadShape) -> TagHead:
        """One output a tag for each token."""
        return TagHead(shape, len(task.labels))

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """(R, C, L), (R, K) -> ()"""
        targets = _cut(batch.targets, output.shape[2])
        each = cross_entropy(output, targets, ignore_index=NO_WORD, reduction="none")  # (R, L)
        return (each.sum(dim=1) / (targets != NO_WORD).sum(dim=1).clamp(min=1)).mean()

    def imitation(self, output: Tensor, teacher: Tensor) -> Tensor:
        """Cross-entropy with a teacher's distributions, over words as in the loss, in nats: (R, C, L) twice -> ()."""
        words = teacher.amax(dim=1) > NEVER / 2  # (R, L)
        each = -(teacher.softmax(1) * output.float().log_softmax(1)).sum(1).masked_fill(~words, 0.0)
        return (each.sum(dim=1) / words.sum(dim=1).clamp(min=1)).mean()

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Each word's likeliest tag at its first token, then that one's probability: (R, C, L) -> (R, 2 K), K as wide
        as the targets; 0 at other tokens."""
        share, tag = output.float().softmax(dim=1).max(dim=1)  # (R, L)
        words = _cut(batch.targets, share.shape[1]) != NO_WORD
        missing = batch.targets.shape[1] - share.shape[1]
        return cat([pad(one * words, (0, missing)) for one in (tag.to(share.dtype), share)], dim=1)

    def decode(
        self, task: Tagging, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """Each word's tag from the window in which its first token has most text around it."""
        return [_prediction(task, example, number, encoded, summaries) for number, example in enumerate(examples)]


class _Words:
    """The words of a text, and which of them a token begins."""

    def __init__(self, example: Example) -> None:
        self.begins = np.array([begin for begin, _ in ranges(example.inputs[0])], dtype=np.int64)
        self.ends = np.array([end for _, end in ranges(example.inputs[0])], dtype=np.int64)

    def begun_by(self, offsets: Ints) -> NDArray[np.int64]:
        """For each token, (L, 2), the word of which it is the first token, else -1: (L,).

        A token's first character may be the blank before its word.
        """
        places = np.full(len(offsets), -1, dtype=np.int64)
        inside = np.flatnonzero(offsets[:, 1] > offsets[:, 0])
        if not len(self.begins) or not inside.size:
            return places
        word = np.searchsorted(self.ends, offsets[inside, 0], side="right")  # the first that ends after its beginning
        covers = (word < len(self.begins)) & (offsets[inside, 1] > self.begins[word.clip(max=len(self.begins) - 1)])
        starts = covers & (offsets[inside, 0] <= self.begins[word.clip(max=len(self.begins) - 1)])
        places[inside[starts]] = word[starts]
        _, first = np.unique(places, return_index=True)  # of a character in several tokens the first counts
        return np.where(np.isin(np.arange(len(places)), first), places, -1)


def _cut(targets: Tensor, length: int) -> Tensor:
    """(R, K) -> (R, L): a batch may be shorter than the longest row of the data."""
    return targets[:, :length] if targets.shape[1] >= length else pad(targets, (0, length - targets.shape[1]), value=-1)


def _prediction(task: Tagging, example: Example, number: int, encoded: Encoded, summaries: Floats) -> Prediction:
    words, width = _Words(example), encoded.targets.shape[1]
    tags, shares = [0] * len(words.begins), [1.0] * len(words.begins)  # a word without a token has the first tag
    around = [-1] * len(words.begins)
    for row in range(encoded.first_rows[number], encoded.first_rows[number + 1]):
        offsets = encoded.offsets[encoded.starts[row] : encoded.starts[row + 1]]
        places = words.begun_by(offsets)
        for token in np.flatnonzero(places >= 0).tolist():
            word, room = int(places[token]), min(token, len(places) - 1 - token)
            if room > around[word]:
                tags[word], shares[word] = int(summaries[row, token]), float(summaries[row, width + token])
                around[word] = room
    return judged(task, example, tags, shares)


MODEL = TaggingModel()
