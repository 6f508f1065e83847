"""The official SQuAD v1.1 rules for comparing an answer with gold answers.

Source: evaluate-v1.1.py of Rajpurkar et al. 2016, aclanthology.org/D16-1264, section 6.1.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, without ASCII punctuation, articles and doubled spaces, in that order."""
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def exact_match(answer: str, gold: str) -> float:
    """1.0 where both are the same after normalisation, else 0.0."""
    return float(normalise(answer) == normalise(gold))


def f1(answer: str, gold: str) -> float:
    """Harmonic mean of precision and recall over words, 0 to 1; 0 where they share none, also if both are empty."""
    answer_words, gold_words = normalise(answer).split(), normalise(gold).split()
    same = sum((Counter(answer_words) & Counter(gold_words)).values())
    if not same:
        return 0.0
    precision, recall = same / len(answer_words), same / len(gold_words)
    return 2 * precision * recall / (precision + recall)


def best(metric: Callable[[str, str], float], answer: str, golds: Iterable[str]) -> float:
    """The metric against the gold answer that suits it best. Without a gold answer, none is right: 1.0 for an answer
    of no words, else 0.0, as evaluate-v2.0.py has it (Rajpurkar et al. 2018, aclanthology.org/P18-2124)."""
    return max((metric(answer, gold) for gold in golds), default=float(not normalise(answer)))
