"""Windows, targets and the best legal span, checked against slow and plain ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from mtl_core import registry
from mtl_core.data.batches import collate, rows_of
from mtl_core.encoders.batch import Encoded
from mtl_core.encoders.heads import HeadShape
from mtl_core.errors import DataError
from mtl_core.kinds._model import Lengths
from mtl_core.kinds._spelling import LONGEST_ANSWER
from mtl_core.kinds.span import FOLLOWING, Answer
from mtl_core.kinds.span.model import MODEL
from mtl_core.records import Example, Prediction
from tests.tiny import EMBEDDED

SQUAD = registry.load("tasks", "squad")
WORDS = " ".join(f"word{number} and" for number in range(60))
LONG = WORDS + " the treaty was signed in Lisbon in 1640. " + WORDS


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(EMBEDDED)


def example(question: str, context: str, *answers: str) -> Example:
    golds = tuple(Answer(text, context.find(text)) for text in answers)
    return Example("x", (question, context), golds)


def encode(tokenizer, examples: list[Example], most: int = 64, stride: int = 20) -> Encoded:
    return MODEL.encode(SQUAD, examples, tokenizer, Lengths(most, stride))


def text_of(tokenizer, encoded: Encoded, ex: Example, row: int) -> str:
    first, last = encoded.targets[row]
    offsets = encoded.offsets[encoded.starts[row] : encoded.starts[row + 1]]
    return ex.inputs[1][offsets[first, 0] : offsets[last, 1]]


def test_targets_point_at_the_answer(tokenizer) -> None:
    ex = example("Where was it signed?", "It was signed in Lisbon, in 1640.", "Lisbon")
    assert text_of(tokenizer, encode(tokenizer, [ex]), ex, 0) == "Lisbon"


def test_long_contexts_become_overlapping_windows(tokenizer) -> None:
    ex = example("Where was it signed?", LONG, "Lisbon")
    encoded = encode(tokenizer, [ex])
    rows = rows_of(encoded, np.array([0]))
    sizes = np.diff(encoded.starts)
    assert len(rows) > 5
    assert sizes.max() == 64
    covered = np.zeros(len(LONG), bool)
    found = []
    for row in rows:
        offsets = encoded.offsets[encoded.starts[row] : encoded.starts[row + 1]]
        inside = offsets[offsets[:, 0] >= 0]
        for begin, end in inside:
            covered[begin:end] = True
        if tuple(encoded.targets[row]) != (0, 0):
            found.append(text_of(tokenizer, encoded, ex, row))
        else:
            assert not (inside[0, 0] <= LONG.find("Lisbon") and LONG.find("Lisbon") + 6 <= inside[-1, 1])
    assert covered[[place for place, letter in enumerate(LONG) if letter != " "]].all()
    assert found
    assert set(found) == {"Lisbon"}
    shared = set(map(tuple, encoded.offsets[encoded.starts[0] : encoded.starts[1]])) & set(
        map(tuple, encoded.offsets[encoded.starts[1] : encoded.starts[2]])
    )
    assert len(shared - {(-1, -1)}) == 20, "windows share the stride"


def test_windows_of_several_examples_keep_their_owners(tokenizer) -> None:
    short = example("Who?", "Ada did.", "Ada")
    encoded = encode(tokenizer, [short, example("Where?", LONG, "Lisbon"), short])
    assert encoded.first_rows[0] == 0
    assert encoded.first_rows[1] == 1
    assert encoded.first_rows[-1] - encoded.first_rows[-2] == 1
    assert encoded.first_rows[-1] == len(encoded.starts) - 1


def test_a_question_longer_than_the_input_leaves_room_for_context(tokenizer) -> None:
    ex = example("why " * 500, "Because Ada said so.", "Ada")
    encoded = encode(tokenizer, [ex], most=48, stride=16)
    assert np.diff(encoded.starts).max() <= 48
    assert text_of(tokenizer, encoded, ex, 0) == "Ada"


def test_an_answer_without_a_place_points_at_the_first_token(tokenizer) -> None:
    ex = Example("x", ("Who?", "Ada did."), (Answer("Bob", -1),))
    assert encode(tokenizer, [ex]).targets.tolist() == [[0, 0]]


def test_the_best_legal_span_is_that_of_trying_all(tokenizer) -> None:
    """The banded search in torch against two plain loops, on random logits."""
    exs = [example("Where was it signed?", LONG, "Lisbon"), example("Who?", "Ada did it.", "Ada")]
    encoded = encode(tokenizer, exs)
    rows = np.arange(len(encoded.starts) - 1)
    batch = collate(encoded, rows, 0)
    logits = torch.randn(len(rows), 2, batch.input_ids.shape[1], generator=torch.Generator().manual_seed(0)) * 3
    found = MODEL.summarise(logits, batch)
    for row in rows:
        allowed = torch.nonzero(batch.context_mask[row]).flatten().tolist()
        spans = {
            (first, last): float(logits[row, 0, first] + logits[row, 1, last])
            for first in allowed
            for last in allowed
            if first <= last < first + LONGEST_ANSWER
        }
        best = max(spans, key=spans.__getitem__)
        assert found[row, 0].item() == pytest.approx(spans[best], abs=1e-4)
        assert (int(found[row, 1]), int(found[row, 2])) == best
        everything = torch.logsumexp(torch.tensor(list(spans.values())), 0)
        assert found[row, 3].item() == pytest.approx(everything.item(), abs=1e-3)


def test_decode_takes_the_best_span_over_all_windows(tokenizer) -> None:
    ex = example("Where was it signed?", LONG, "Lisbon", "in Lisbon")
    encoded = encode(tokenizer, [ex])
    answered = next(row for row, target in enumerate(encoded.targets) if target.any())
    summaries = np.tile(np.array([1.0, 5, 6, 2.0], np.float32), (len(encoded.targets), 1))
    summaries[answered] = [9.0, *encoded.targets[answered], 9.2]
    [said] = MODEL.decode(SQUAD, [ex], encoded, summaries)
    assert said.prediction == "Lisbon"
    assert said.correct
    assert said.score == 1.0
    assert LONG[said.detail["start"] : said.detail["end"]] == "Lisbon"
    others = np.exp(2.0) * (len(summaries) - 1)
    assert said.confidence == pytest.approx(np.exp(9.0) / (np.exp(9.2) + others), rel=1e-4)


def test_the_next_best_answers_are_those_of_trying_all(tokenizer) -> None:
    """Over all windows, each text once, the probability among all spans that there can be."""
    ex = example("Where was it signed?", LONG, "Lisbon")
    encoded = encode(tokenizer, [ex])
    batch = collate(encoded, np.arange(len(encoded.starts) - 1), 0)
    logits = torch.randn(len(encoded.targets), 2, batch.input_ids.shape[1], generator=torch.Generator().manual_seed(1))
    logits *= 4
    summaries = MODEL.summarise(logits, batch).numpy()
    [said] = MODEL.decode(SQUAD, [ex], encoded, summaries)
    spans = []
    for row in range(len(logits)):
        allowed = torch.nonzero(batch.context_mask[row]).flatten().tolist()
        for first in allowed:
            for last in (one for one in allowed if first <= one < first + LONGEST_ANSWER):
                begin, end = (
                    encoded.offsets[encoded.starts[row] + first, 0],
                    encoded.offsets[encoded.starts[row] + last, 1],
                )
                spans.append((float(logits[row, 0, first] + logits[row, 1, last]), LONG[begin:end]))
    everything = float(torch.logsumexp(torch.tensor([score for score, _ in spans]), 0))
    ranked = {}
    for score, text in sorted(spans, reverse=True):
        ranked.setdefault(text, np.exp(score - everything))
    best, *others = list(ranked.items())[: 1 + FOLLOWING]
    assert (said.prediction, said.confidence) == (best[0], pytest.approx(best[1], rel=1e-3))
    assert [LONG[begin:end] for begin, end, _ in said.detail["following"]] == [text for text, _ in others]
    assert [share for *_, share in said.detail["following"]] == pytest.approx([share for _, share in others], abs=1e-5)


def test_a_context_of_nothing_answers_nothing(tokenizer) -> None:
    ex = Example("x", ("Who?", " "), (Answer("", -1),))
    encoded = encode(tokenizer, [ex])
    batch = collate(encoded, np.arange(1), 0)
    summaries = MODEL.summarise(torch.zeros(1, 2, batch.input_ids.shape[1]), batch).numpy()
    [said] = MODEL.decode(SQUAD, [ex], encoded, summaries)
    assert said.prediction == ""
    assert not said.correct or said.score == 0.0


def test_padding_never_wins_and_never_counts(tokenizer) -> None:
    """A row's loss and answer are the same alone and beside a longer row."""
    exs = [example("Who?", "Ada did it.", "Ada"), example("Where was it signed?", LONG[:300], "word3")]
    encoded = encode(tokenizer, exs, most=128, stride=40)
    head = MODEL.head(SQUAD, HeadShape(8))
    states = torch.randn(2, 128, 8, generator=torch.Generator().manual_seed(0))
    alone, beside = collate(encoded, np.array([0]), 0), collate(encoded, np.array([0, 1]), 0)
    out_alone = head(states[:1, : alone.input_ids.shape[1]], alone)
    out_beside = head(states[:, : beside.input_ids.shape[1]], beside)
    kind = MODEL
    assert torch.allclose(kind.summarise(out_alone, alone)[0], kind.summarise(out_beside, beside)[0], atol=1e-4)


def judged(ex: Example, encoded: Encoded, first: int, last: int) -> Prediction:
    """The answer for a row whose best span goes from one token to another."""
    return MODEL.decode(SQUAD, [ex], encoded, np.array([[1, first, last, 1, 1, first, last]], dtype=np.float32))[0]


def test_spans_have_no_blanks_at_their_edges_whatever_a_tokenizer_counts_as_a_words_own(tokenizer) -> None:
    ex = example("Where?", "It was signed in Lisbon.", "Lisbon")
    encoded = encode(tokenizer, [ex])
    first, last = encoded.targets[0]
    at = encoded.offsets.copy()
    at[first, 0] -= 1  # byte BPE and sentence pieces: the blank before the word is its own
    with_blank = replace(encoded, offsets=at)
    for each in (encoded, with_blank):
        said = judged(ex, each, first, last)
        assert (said.prediction, said.detail["start"], said.detail["end"]) == ("Lisbon", 17, 23)
    at[first, 1] = at[first, 0] + 1
    assert judged(ex, replace(encoded, offsets=at), first, first).prediction == ""  # nothing but the blank


def test_a_question_of_blanks_keeps_its_words(tokenizer) -> None:
    ex = example(" \n" * 300 + "Where was it signed?", "It was signed in Lisbon.", "Lisbon")
    plain = encode(tokenizer, [example("Where was it signed?", ex.inputs[1], "Lisbon")])
    assert encode(tokenizer, [ex]).tokens.tolist() == plain.tokens.tolist()


def remarks(tokenizer, examples: list[Example], encoded: Encoded, most: int = 64) -> list[str]:
    return MODEL.remarks(SQUAD, examples, encoded, tokenizer, Lengths(most, 20))


def test_answers_out_of_reach_and_questions_that_are_cut_are_told(tokenizer) -> None:
    usual = [example("Where?", f"It was signed in Lisbon on day {n}.", "Lisbon") for n in range(8)]
    half = example("Where?", "It was signed in Lisbon.", "isbon i")  # in no text, so it trains nothing anyway
    inside = example("Where?", "It was signed in Lisbon.", " Lisbon")  # begins between two tokens
    long = example("Where " + "and where " * 40 + "?", "It was signed in Lisbon.", "Lisbon")
    examples = [*usual, half, inside, long]
    assert remarks(tokenizer, examples, encode(tokenizer, examples)) == [
        "no window of tokens holds the answer of 1 of 10 questions whole",
        "1 questions are longer than 21 tokens, a third of max_length, and are cut there",
    ]
    assert remarks(tokenizer, usual, encode(tokenizer, usual)) == []


def test_a_tokenizer_whose_offsets_are_off_is_refused(tokenizer) -> None:
    examples = [example("Where?", f"It was signed in Lisbon on day {n}.", "Lisbon") for n in range(9)]
    encoded = encode(tokenizer, examples)
    targets = encoded.targets.copy()
    targets[:5] = 0
    with pytest.raises(DataError) as caught:
        remarks(tokenizer, examples, replace(encoded, targets=targets))
    assert str(caught.value) == (
        "squad: this encoder's tokens reach 4 of 9 training answers. Its tokenizer says wrongly where tokens stand in "
        "the text, or windows are too short: use another encoder, or more max_length."
    )
