"""SQuAD v1.1: which words of the paragraph answer the question?"""

from mtl_core.kinds.span import Span

SQUAD = Span(
    name="squad",
    title="Question answering (SQuAD v1.1)",
    question="Which words of the context answer the question?",
    hub=("rajpurkar/squad", None),
    folder="SQuAD/{split}-v1.1",
    clusters=(("article", "title"), ("paragraph", "context")),
    tries=(
        (
            "Where was the treaty signed?",
            "After four months of talks the treaty was signed in Lisbon on 13 December, "
            "and it came into force two years later.",
        ),
        (
            "Who designed the bridge?",
            "The old bridge, built by monks in 1340, was replaced in 1889 by an iron one that "
            "the engineer Clara Voss had designed.",
        ),
    ),
    source="Rajpurkar et al. 2016, aclanthology.org/D16-1264",
)
