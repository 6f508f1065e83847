"""Each merging by hand, and what all of them keep to."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from mtl_core import registry
from mtl_core.merging import Merging, in_words
from mtl_core.merging.ties import trimmed

PRETRAINED = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0])
CHANGES = torch.tensor([[4.0, -2.0, 0.5, 3.0, 0.0], [2.0, 6.0, 0.1, -3.0, 8.0]])
TUNED = PRETRAINED + CHANGES


def merging(name: str, **settings: Any) -> Merging:
    method: Merging = registry.load("merging", name)(**settings)
    return method


def merged(name: str, **settings: str) -> list[list[float]]:
    found = list(merging(name, **settings).merges(PRETRAINED, TUNED))
    return [[round(value, 5) for value in one.tolist()] for one in found]


def test_average_by_hand() -> None:
    assert merged("average") == [[4.0, 3.0, 1.3, 1.0, 5.0]]


def test_task_arithmetic_by_hand() -> None:
    """Changes add up to (6, 4, 0.6, 0, 8)."""
    assert merged("task_arithmetic", scales="0.5,1") == [*merged("average"), [7.0, 5.0, 1.6, 1.0, 9.0]]


def test_ties_by_hand() -> None:
    """A density of 0.6 keeps 3 of 5: (4, -2, 0, 3, 0) and (0, 6, 0, -3, 8). Signs of (4, 4, 0, 0, 8): the -2 is
    outvoted, and 3 against -3 cancels."""
    trimmed_ones = [[5.0, 7.0, 1.0, 1.0, 9.0], [3.0, 4.0, 1.0, 1.0, 5.0]]
    all_of_them = [[4.0, 7.0, 1.3, 1.0, 9.0], [2.5, 4.0, 1.15, 1.0, 5.0]]
    assert merged("ties", densities="0.6,1", scales="1,0.5") == [*trimmed_ones, *all_of_them]


def test_trimming_keeps_the_largest_and_equals_together() -> None:
    change = torch.tensor([1.0, -5.0, 0.0, 2.0, -2.0, 3.0, 0.5, 0.1, 0.2, 0.3])
    assert trimmed(change, 0.3).nonzero().flatten().tolist() == [1, 3, 4, 5], "2 and -2 are equally large"
    assert trimmed(change, 0.1).nonzero().flatten().tolist() == [1]
    assert trimmed(change, 0.001).nonzero().flatten().tolist() == [1], "never nothing"
    assert torch.equal(trimmed(change, 1), change)
    assert trimmed(torch.arange(10.0), 0.3).nonzero().flatten().tolist() == [7, 8, 9], "0.3 of 10 are 3"


@pytest.mark.parametrize("name", registry.names("merging"))
class TestEveryMerging:
    def test_makes_one_finite_encoder_for_each_candidate(self, name: str) -> None:
        draw = torch.Generator().manual_seed(1)
        pretrained, tuned = torch.randn(50, generator=draw), torch.randn(3, 50, generator=draw)
        candidates = merging(name).candidates()
        assert 1 <= len(candidates) <= 100
        assert len({in_words(one) for one in candidates}) == len(candidates)
        found = list(merging(name).merges(pretrained, tuned))
        assert [one.shape for one in found] == [(50,)] * len(candidates)
        assert all(torch.isfinite(one).all() for one in found)

    def test_leaves_what_no_run_has_changed(self, name: str) -> None:
        pretrained = torch.tensor([0.1, -0.7, 3.3])
        for found in merging(name).merges(pretrained, pretrained.expand(2, 3)):
            assert torch.equal(found, pretrained)

    def test_does_not_depend_on_the_order_of_tasks(self, name: str) -> None:
        both = (merging(name).merges(PRETRAINED, tuned) for tuned in (TUNED, TUNED.flip(0)))
        assert all(torch.allclose(one, other) for one, other in zip(*both, strict=True))


def test_what_is_tried() -> None:
    assert merging("average").candidates() == [{}]
    assert merging("task_arithmetic", scales=" 0.5, 1,0.5").candidates() == [{"scale": 0.5}, {"scale": 1.0}]
    ties = merging("ties", densities="0.2,0.4", scales="1")
    assert list(map(in_words, ties.candidates())) == ["density 0.2, scale 1", "density 0.4, scale 1"]


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("task_arithmetic", {"scales": ""}, "'' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ("task_arithmetic", {"scales": "1,x"}, "'x' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ("task_arithmetic", {"scales": "nan"}, "'nan' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ("task_arithmetic", {"scales": "inf"}, "'inf' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ("ties", {"scales": "0"}, "'0' is not a scale. Use numbers above 0, such as 0.2,0.5."),
        ("ties", {"densities": "20"}, "'20' is not a density. Use numbers above 0 and up to 1, such as 0.2,0.5."),
        (
            "ties",
            {"densities": ",".join(f"0.{n}" for n in range(1, 9)), "scales": ",".join(map(str, range(1, 15)))},
            "112 sets of coefficients are too many to try, 100 are the most.",
        ),
    ],
)
def test_settings_that_can_t_be(name: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match="^" + words.replace("(", r"\(") + "$"):
        merging(name, **settings)
