"""QNLI: does the sentence answer the question?"""

from mtl_core.kinds.classification import Classification

QNLI = Classification(
    name="qnli",
    title="Question and answer (QNLI)",
    question="Does the sentence hold the answer to the question?",
    hub=("nyu-mll/glue", "qnli"),
    folder="QNLI/{split}",
    inputs=("question", "sentence"),
    input_titles=("Question", "Sentence"),
    clusters=(("question", "question"),),
    labels=("entailment", "not_entailment"),
    tries=(
        ("Where was the treaty signed?", "The treaty was signed in Lisbon on 13 December."),
        ("Where was the treaty signed?", "It came into force two years later."),
    ),
    source="Wang et al. 2018 (GLUE), aclanthology.org/W18-5446, from SQuAD v1.1",
)
