"""The dynamic coattention network's formulas against plain loops, and what it may and may not point at."""

from __future__ import annotations

from math import exp, tanh

import numpy as np
import pytest
import torch

from mtl_core import registry
from mtl_core.data.batches import collate
from mtl_core.encoders.batch import Batch
from mtl_core.encoders.heads import NEVER, HeadShape, TextHead
from mtl_core.kinds._model import Lengths
from mtl_core.kinds.span._asked import SpanRepeatedly
from mtl_core.kinds.span.model import MODEL
from mtl_core.sharing._coattention_head import CoattentionHead, coattend, parts_of, together
from mtl_core.sharing._pointing_decoder import HighwayMaxout
from tests import toy

SQUAD = registry.load("tasks", "squad")


def softmax(numbers: list[float]) -> list[float]:
    whole = sum(exp(number) for number in numbers)
    return [exp(number) / whole for number in numbers]


def test_coattention_by_plain_loops() -> None:
    document = [[1.0, 0.5], [-0.5, 2.0]]  # two words, two features
    question = [[0.2, 0.1], [1.0, -1.0], [0.3, 0.7]]
    affinity = [[sum(d * q for d, q in zip(word, asked, strict=True)) for asked in question] for word in document]
    over_document = [softmax([affinity[m][n] for m in range(2)]) for n in range(3)]
    over_question = [softmax(affinity[m]) for m in range(2)]
    summaries = [[sum(over_document[n][m] * document[m][f] for m in range(2)) for f in range(2)] for n in range(3)]
    both = [question[n] + summaries[n] for n in range(3)]
    expected = [[sum(over_question[m][n] * both[n][f] for n in range(3)) for f in range(4)] for m in range(2)]
    every = torch.ones(1, 3, dtype=torch.bool)
    found = coattend(torch.tensor([document]), torch.tensor([question]), every[:, :2], every)
    assert found[0].tolist() == [pytest.approx(row) for row in expected]


def test_the_maxout_by_plain_numbers() -> None:
    scorer = HighwayMaxout(1, 2)
    with torch.no_grad():
        for parameter in scorer.parameters():
            parameter.zero_()
        scorer.state.weight[0] = torch.tensor([0.5, 0.0, 0.0, 0.0, 0.0])
        scorer.token.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
        scorer.of_state.weight.copy_(torch.tensor([[1.0], [-1.0]]))
        scorer.middle.weight.copy_(torch.tensor([[2.0], [-2.0]]))
        scorer.middle.bias.copy_(torch.tensor([0.0, 0.1]))
        scorer.last.weight.copy_(torch.tensor([[1.0, 1.0], [-1.0, -1.0]]))
    r = tanh(0.5 * 0.8)
    first = max(0.3 + r, 0.4 - r)
    second = max(2 * first, -2 * first + 0.1)
    expected = max(first + second, -first - second)
    tokens, state = torch.tensor([[[0.3, 0.4]]]), torch.tensor([[0.8, 0, 0, 0, 0]])
    assert scorer(scorer.read(tokens), state).item() == pytest.approx(expected)


def batch_of(rows: list[int]) -> Batch:
    encoded = SpanRepeatedly(MODEL).encode(SQUAD, toy.examples("squad"), toy.tokenizer(), Lengths(32, 8))
    return collate(encoded, np.array(rows, dtype=np.int32), 0)


def test_the_document_is_the_context_and_the_first_token() -> None:
    batch = batch_of([5])  # [CLS] who wrote it? [SEP] we know that david wrote it. [SEP]
    document, question = parts_of(batch)
    read = toy.tokenizer().decode
    assert read(batch.input_ids[document]) == "[CLS] we know that david wrote it."
    assert read(batch.input_ids[question]) == "who wrote it? [SEP]"
    assert together(document).places.tolist() == [[0, *range(6, 13)]]


def test_a_row_without_context_is_read_all_the_same() -> None:
    batch = batch_of([0])
    batch.context_mask[:] = False
    head = CoattentionHead(HeadShape(toy.WIDTH), size=4, pool=2, iterations=2).eval()
    logits = head(torch.randn(1, batch.input_ids.shape[1], toy.WIDTH), batch)
    assert logits[..., 0].isfinite().all()
    assert (logits[..., 1:] == NEVER).all()


def test_only_the_document_can_be_pointed_at_and_padding_changes_nothing() -> None:
    model = toy.model("coattention").eval()
    alone, beside = batch_of([0]), toy.padded(batch_of([0, 1, 5]), 4)
    length = alone.input_ids.shape[1]
    one, of_three = model("squad", alone), model("squad", beside)
    assert of_three.shape[:3] == (3, 4, 2)
    assert torch.allclose(one[0], of_three[0, ..., :length], atol=1e-5)
    document, _ = parts_of(alone)
    assert (one[0, ..., ~document[0]] == NEVER).all()
    assert (one[0, ..., document[0]] > NEVER).all()


def test_the_loss_is_the_mean_over_iterations_and_the_last_one_answers() -> None:
    batch = batch_of([0])
    output = torch.randn(1, 3, 2, batch.input_ids.shape[1])
    first, last = batch.targets[0].tolist()
    shares = output.log_softmax(-1)[0]
    by_hand = [-(shares[i, 0, first] + shares[i, 1, last]) / 2 for i in range(3)]
    assert float(SpanRepeatedly(MODEL).loss(output, batch)) == pytest.approx(float(sum(by_hand)) / 3)
    assert torch.equal(SpanRepeatedly(MODEL).summarise(output, batch), MODEL.summarise(output[:, -1], batch))


def test_settings_shape_the_head_and_labels_keep_theirs() -> None:
    model = toy.model("coattention", size=8, pool=3, iterations=2)
    head = model.head("squad")
    assert isinstance(head, CoattentionHead)
    assert head.decoder.start.middle.weight.shape == (3 * 8, 8)
    assert model("squad", toy.batch(model, "squad")).shape[1] == 2
    assert isinstance(model.head("sst2"), TextHead)


def test_the_head_starts_from_its_seed_alone() -> None:
    alone, in_company = toy.model("coattention", ("squad",)), toy.model("coattention", ("squad", "sst2"))
    pairs = zip(alone.head("squad").parameters(), in_company.head("squad").parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
