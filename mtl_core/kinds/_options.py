"""A task with few possible answers, asked as a question that names them: "negative or positive?". The answer may be
pointed at there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.encoders.heads import HeadShape, SpanHead
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._asked import Asked
from mtl_core.kinds._model import Lengths
from mtl_core.records import Example


@dataclass(frozen=True, slots=True)
class Options:
    """A task's labels as the beginning of every row."""

    tokens: list[int]
    """Token ids of the question."""
    begin: int
    """Their first token in a row: after the special tokens that every row begins with."""
    places: list[tuple[int, int]]
    """First and last token of each label in a row."""

    def answers(self) -> tuple[tuple[int, ...], ...]:
        """The token ids of each label."""
        return tuple(tuple(self.tokens[a - self.begin : b - self.begin + 1]) for a, b in self.places)


def options_of(task: Task, tokenizer: Any, answers: Sequence[str] = ()) -> Options:
    """The task's labels in its own order, or other `answers`, as the tokenizer reads them."""
    labels = answers or kind_of(task).options(task)
    question, ranges = "", []
    for number, label in enumerate(labels):
        question += "" if not number else " or " if number == len(labels) - 1 else ", "
        ranges.append((len(question), len(question) + len(label)))
        question += label
    encoding = tokenizer(f"{question}?", add_special_tokens=False, return_offsets_mapping=True)
    begin = tokenizer("a", "a").sequence_ids(0).index(0)
    offsets = encoding["offset_mapping"]
    covers = [[n for n, (a, b) in enumerate(offsets) if a < end and b > start] for start, end in ranges]
    return Options(encoding["input_ids"], begin, [(begin + cover[0], begin + cover[-1]) for cover in covers])


def ask(
    task: Task,
    examples: Sequence[Example],
    tokenizer: Any,
    lengths: Lengths,
    *,
    targets: Ints,
    offsets: bool = False,
    options: Options | None = None,
) -> Encoded:
    """One row an example: the options and a pair's second text, then the first text as the context.

    Long texts are cut before the options are put in, the longer text of a pair first. Raises InvalidConfig where the
    options leave no room.
    """
    options = options or options_of(task, tokenizer)
    encoding = tokenizer(
        [" ".join(example.inputs[1:]) for example in examples],
        [example.inputs[0] for example in examples],
        truncation=True,
        max_length=_room(task, options, tokenizer, lengths),
        return_offsets_mapping=offsets,
        return_attention_mask=False,
    )
    at, added = options.begin, options.tokens
    rows = [[*row[:at], *added, *row[at:]] for row in encoding["input_ids"]]
    types = [[*row[:at], *[row[at]] * len(added), *row[at:]] for row in encoding.get("token_type_ids", [])]
    contexts = [_context(encoding, row, at, len(added)) for row in range(len(examples))] if offsets else []
    return Encoded(
        tokens=np.fromiter((token for row in rows for token in row), np.int32),
        types=np.fromiter((token for row in types for token in row), np.int32),
        offsets=np.concatenate(contexts) if contexts else np.empty((0, 2), np.int32),
        starts=np.cumsum([0, *map(len, rows)], dtype=np.int32),
        first_rows=np.arange(len(examples) + 1, dtype=np.int32),
        targets=targets,
    )


def _room(task: Task, options: Options, tokenizer: Any, lengths: Lengths) -> int:
    """Tokens that are left for the texts and the special tokens."""
    room, least = lengths.most - len(options.tokens), tokenizer.num_special_tokens_to_add(pair=True) + 2
    if room < least:
        message = (
            f"{lengths.most} leaves no room for a text beside the {len(options.tokens)} tokens that name the labels "
            f"of {task.name}. Use {len(options.tokens) + least} or more, or another sharing."
        )
        raise InvalidConfig([Fault("max_length", message)])
    return room


def _context(encoding: Any, row: int, at: int, added: int) -> Ints:
    """(L, 2): characters that the row's tokens cover, -1 outside the context, with the options put in."""
    offsets = np.array(encoding["offset_mapping"][row], dtype=np.int32)
    offsets[np.array([part != 1 for part in encoding.sequence_ids(row)])] = -1
    return np.insert(offsets, at, np.full((added, 2), -1), axis=0)


class Pointed(Asked):
    """The answer is the span of the right option.

    targets: (R, 2 + 2C), first and last token of the right option, then of every option.
    """

    def head(self, task: Any, shape: HeadShape) -> SpanHead:
        """Two outputs a token, as for a span task."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token, each among all tokens: (R, 2, L), (R, 2 + 2C) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets[:, :2].flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The options' probabilities, from the sums of their spans' logits: (R, 2, L) -> (R, C)."""
        places = batch.targets[:, 2:].view(len(output), -1, 2).transpose(1, 2)  # (R, 2, C)
        return torch.softmax(output.gather(2, places).sum(dim=1), dim=-1)


def targets(options: Options, right: Ints) -> Ints:
    """Targets of rows whose right options are `right`, (R,): (R, 2 + 2C)."""
    places = np.array(options.places, dtype=np.int32)  # (C, 2)
    return np.concatenate([places[right], np.tile(places.flatten(), (len(right), 1))], axis=1)
