"""Spans from first and last token: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from mtl_core.encoders.batch import Batch, Encoded, Ints
from mtl_core.encoders.heads import NEVER, HeadShape, SpanHead
from mtl_core.errors import DataError
from mtl_core.kinds._encoding import Windows
from mtl_core.kinds._marks import trimmed
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds._spelling import LONGEST_ANSWER
from mtl_core.kinds.span import FOLLOWING, Span, judged
from mtl_core.kinds.span._asked import SpanAsText, SpanRepeatedly
from mtl_core.records import Example, Prediction

MOST_LOST = 0.5
"""Share of training answers that may be out of reach of tokens. More: the tokenizer's offsets are off."""
CANDIDATES = 8
"""Spans of a window that are ranked: some have the text of another one."""


NULL = 4 + 3 * CANDIDATES
"""Place in a summary of the score of no answer in the window."""


class SpanModel(KindModel):
    """Finds the first and last token of the answer; long contexts are split into overlapping windows.

    Where some questions have no answer, one is given if its score exceeds that of none, the lowest of all windows, by
    more than a threshold (Devlin et al. 2019, section 4.3), which is chosen on the validation split.
    """

    name = "span"
    choices = "tokens"
    windows = True

    def __init__(self, threshold: float = 0.0) -> None:
        """`threshold` is in the unit of logits; a larger one gives fewer answers."""
        self.threshold = threshold

    def encode(self, task: Span, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row a window. A window without the whole answer points at its first token."""
        questions = _cut([example.inputs[0] for example in examples], tokenizer, lengths.most // 3)
        windows = Windows(tokenizer, lengths, questions, [example.inputs[1] for example in examples])
        pairs = zip(windows.offsets, windows.owners, strict=True)
        return windows.encoded(
            np.array([_target(offsets, examples[owner]) for offsets, owner in pairs], dtype=np.int32)
        )

    def remarks(
        self, task: Span, examples: Sequence[Example], encoded: Encoded, tokenizer: Any, lengths: Lengths
    ) -> list[str]:
        """Answers that no window has whole, and questions that lost their end. Raises DataError where more than half of
        the answers are out of reach."""
        reached = np.logical_or.reduceat((encoded.targets != 0).any(axis=1), encoded.first_rows[:-1])
        there = np.array([any(answer.start >= 0 and answer.text for answer in one.gold) for one in examples])
        answers, lost, found = int(there.sum()), int((there & ~reached).sum()), []
        if lost > MOST_LOST * answers:
            raise DataError(
                f"{task.name}: this encoder's tokens reach {answers - lost:,} of {answers:,} training answers. Its "
                "tokenizer says wrongly where tokens stand in the text, or windows are too short: use another encoder, "
                "or more max_length."
            )
        if lost:
            found.append(f"no window of tokens holds the answer of {lost:,} of {answers:,} questions whole")
        most = lengths.most // 3
        questions = [examples[place].inputs[0].strip() for place in _long_questions(encoded, most)]
        cut = sum(len(offsets) > most for offsets in _offsets(questions, tokenizer)) if questions else 0
        if cut:
            found.append(f"{cut:,} questions are longer than {most:,} tokens, a third of max_length, and are cut there")
        return found

    def head(self, task: Span, shape: HeadShape) -> SpanHead:
        """Two outputs a token."""
        return SpanHead(shape)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Mean over first and last token: (R, 2, L), (R, 2) -> ()."""
        return cross_entropy(output.flatten(0, 1), batch.targets.flatten())

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """Legal spans of each row: (R, 2, L) -> (R, 5 + 3 * CANDIDATES).

        The best one's score, first and last token, the log-sum over all spans; then score, first and last token of the
        best CANDIDATES, that one among them; then the score of the first token, which stands for no answer.
        """
        assert batch.context_mask is not None
        first, last = output.masked_fill(~batch.context_mask[:, None], NEVER).unbind(1)  # (R, L) each
        later = pad(last, (0, LONGEST_ANSWER - 1), value=NEVER).unfold(1, LONGEST_ANSWER, 1)
        spans = (first[:, :, None] + later).flatten(1)  # (R, L * LONGEST_ANSWER)
        score, place = spans.max(dim=1)
        begin, length = place // LONGEST_ANSWER, place % LONGEST_ANSWER
        best = torch.stack([score, begin, begin + length, spans.logsumexp(dim=1)], dim=1)
        scores, places = spans.topk(CANDIDATES, dim=1)
        legal = scores > NEVER / 2
        begins = torch.where(legal, places // LONGEST_ANSWER, 0)
        ends = torch.where(legal, begins + places % LONGEST_ANSWER, 0)
        several = torch.stack([scores.masked_fill(~legal, NEVER), begins, ends], dim=2)  # (R, CANDIDATES, 3)
        return torch.cat([best, several.flatten(1), output[:, :, 0].sum(dim=1, keepdim=True)], dim=1)

    def decode(self, task: Span, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> list[Prediction]:
        """The best legal span over all windows of each example, or none where its score is too low."""
        found = (_best_span(example, number, encoded, summaries) for number, example in enumerate(examples))
        threshold = self.threshold if task.unanswerable else None
        return [_judged(example, best, threshold) for example, best in zip(examples, found, strict=True)]

    def tuned(self, task: Span) -> bool:
        """The threshold, where some questions have no answer."""
        return task.unanswerable

    def tune(self, task: Span, examples: Sequence[Example], encoded: Encoded, summaries: Floats) -> float:
        """The threshold with the best mean F1; of several, the one nearest to 0."""
        found = [_best_span(example, number, encoded, summaries) for number, example in enumerate(examples)]
        answered = [_judged(example, best, None).score for example, best in zip(examples, found, strict=True)]
        silent = [float(not example.gold) for example in examples]
        return best_threshold([best.margin for best in found], answered, silent)

    def with_tuned(self, value: float) -> SpanModel:
        """The same with that threshold."""
        return SpanModel(value)

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """The sum of both logits of the best span."""
        return float(summaries[:, 0].max())

    def asked_as_span(self, task: Span) -> KindModel:
        """As it is."""
        return self

    def asked_as_text(self, task: Span) -> KindModel:
        """Spells the answer out of its context."""
        return SpanAsText(self)

    def asked_repeatedly(self, task: Span) -> KindModel:
        """Points several times."""
        return SpanRepeatedly(self)


def _cut(questions: list[str], tokenizer: Any, most: int) -> list[str]:
    """Questions with at most so many tokens, so that every window has room for context."""
    long = [place for place, offsets in enumerate(_offsets(questions, tokenizer)) if len(offsets) > most]
    whole, cut = [questions[place].strip() for place in long], list(questions)  # blanks can be all that is left
    for place, text, offsets in zip(long, whole, _offsets(whole, tokenizer) if whole else (), strict=True):
        cut[place] = text if len(offsets) <= most else text[: offsets[most - 1][1]]
    return cut


def _long_questions(encoded: Encoded, most: int) -> list[int]:
    """Examples in whose rows the context begins after `most` tokens: their questions may have been cut."""
    begins = encoded.starts[encoded.first_rows[:-1]]
    inside = np.flatnonzero(encoded.offsets[:, 0] >= 0)
    contexts = inside[np.minimum(np.searchsorted(inside, begins), len(inside) - 1)] if len(inside) else begins
    return [int(place) for place in np.flatnonzero(contexts - begins > most)]


def _offsets(texts: list[str], tokenizer: Any) -> list[list[tuple[int, int]]]:
    encoding = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True, return_attention_mask=False)
    return encoding["offset_mapping"]  # type: ignore[no-any-return]


def _target(offsets: Ints, example: Example) -> tuple[int, int]:
    """First and last token of the first gold answer that has a place; (0, 0) where it is not wholly in the window."""
    answer = next((a for a in example.gold if a.start >= 0 and a.text), None)
    if answer is None:
        return 0, 0
    end = answer.start + len(answer.text)
    covers = np.flatnonzero((offsets[:, 0] >= 0) & (offsets[:, 1] > answer.start) & (offsets[:, 0] < end))
    if not covers.size or offsets[covers[0], 0] > answer.start or offsets[covers[-1], 1] < end:
        return 0, 0
    return int(covers[0]), int(covers[-1])


def best_threshold(margins: Sequence[float], answered: Sequence[float], silent: Sequence[float]) -> float:
    """The threshold with the best mean score, where an example is answered if its margin exceeds the threshold.

    `answered` and `silent` are each example's score with its answer, and without one. Between the margins of two
    examples it is their mean; of several that are as good, the one nearest to 0.
    """
    order = np.argsort(-np.asarray(margins), kind="stable")
    sorted_margins = np.asarray(margins, dtype=np.float64)[order]
    gains = (np.asarray(answered) - np.asarray(silent))[order]
    totals = np.concatenate([[0.0], np.cumsum(gains)])  # with the first n answered
    middle = (sorted_margins[1:] + sorted_margins[:-1]) / 2
    thresholds = np.concatenate([[sorted_margins[0] + 1.0], middle, [sorted_margins[-1] - 1.0]])
    apart = np.concatenate([[True], sorted_margins[1:] < sorted_margins[:-1], [True]])
    good = apart & (totals >= totals[apart].max() - 1e-9)
    return float(min(thresholds[good], key=abs))


@dataclass(frozen=True, slots=True)
class Best:
    """The best legal span over all windows of an example."""

    text: str
    place: tuple[int, int]
    score: float
    everything: float
    """The log-sum of all spans' scores."""
    null: float
    """The score of no answer: the lowest of all windows."""
    following: tuple[tuple[float, int, int], ...]
    """Scores and spans with other texts, the best first."""

    @property
    def margin(self) -> float:
        """Score above that of no answer."""
        return self.score - self.null


def _best_span(example: Example, number: int, encoded: Encoded, summaries: Floats) -> Best:
    rows = range(encoded.first_rows[number], encoded.first_rows[number + 1])
    row = max(rows, key=lambda r: summaries[r, 0])
    score, first, last = summaries[row, :3].tolist()
    at = encoded.starts[row]
    begin, end = _range(example, encoded, int(at), int(first), int(last))
    text = example.inputs[1][begin:end] if score > NEVER else ""
    mine = summaries[rows.start : rows.stop].astype(np.float64)
    everything = float(np.logaddexp.reduce(mine[:, 3]))
    null = float(mine[:, NULL].min()) if mine.shape[1] > NULL else NEVER
    following = tuple(_following(example, rows, encoded, summaries, text))
    return Best(text, (begin, end) if text else (0, 0), score, everything, null, following)


def _judged(example: Example, best: Best, threshold: float | None) -> Prediction:
    """The best span, or none where its margin is not above the threshold; None: always a span.

    Probabilities are among all spans and, with a threshold, no answer.
    """
    everything = best.everything if threshold is None else float(np.logaddexp(best.everything, best.null))

    def share(score: float) -> float:
        return min(1.0, float(np.exp(score - everything)))

    if threshold is not None and best.margin <= threshold:
        own = [(best.score, *best.place)] if best.text else []
        ranked = [*own, *best.following][:FOLLOWING]
        following = [(begin, end, round(share(score), 6)) for score, begin, end in ranked]
        return judged(example, "", (0, 0), share(best.null), following)
    following = [(begin, end, round(share(score), 6)) for score, begin, end in best.following]
    return judged(example, best.text, best.place, share(best.score), following)


def _range(example: Example, encoded: Encoded, at: int, first: int, last: int) -> tuple[int, int]:
    """The characters of the context that tokens of the row at `at` cover, without blanks at the edges."""
    return trimmed(example.inputs[1], int(encoded.offsets[at + first, 0]), int(encoded.offsets[at + last, 1]))


def _following(
    example: Example, rows: range, encoded: Encoded, summaries: Floats, best: str
) -> list[tuple[float, int, int]]:
    """The likeliest spans of all windows with other texts than the best one's, each text once."""
    spans = [
        (score, row, int(first), int(last))
        for row in rows
        for score, first, last in summaries[row, 4:NULL].reshape(-1, 3).tolist()
        if score > NEVER
    ]
    following: dict[str, tuple[float, int, int]] = {}
    for score, row, first, last in sorted(spans, reverse=True):
        at = encoded.starts[row]
        begin, end = _range(example, encoded, int(at), first, last)
        text = example.inputs[1][begin:end]
        if text and text != best:
            following.setdefault(text, (score, begin, end))
    return list(following.values())[:FOLLOWING]


MODEL = SpanModel()
