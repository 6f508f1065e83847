"""SQuAD v2.0: which words of the paragraph answer the question, if any do?"""

from mtl_core.kinds.span import Span

SQUAD_V2 = Span(
    name="squad_v2",
    title="Question answering (SQuAD v2.0)",
    question="Which words of the context answer the question, if any do?",
    hub=("rajpurkar/squad_v2", None),
    folder="SQuAD/{split}-v2.0",
    clusters=(("article", "title"), ("paragraph", "context")),
    unanswerable=True,
    metrics=("f1", "exact_match", "has_answer_f1", "has_answer_exact_match", "no_answer_accuracy"),
    tries=(
        (
            "Where was the treaty signed?",
            "After four months of talks the treaty was signed in Lisbon on 13 December, "
            "and it came into force two years later.",
        ),
        (
            "Who signed the treaty?",
            "After four months of talks the treaty was signed in Lisbon on 13 December, "
            "and it came into force two years later.",
        ),
    ),
    source="Rajpurkar, Jia & Liang 2018, aclanthology.org/P18-2124",
)
