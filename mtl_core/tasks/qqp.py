"""QQP: do two questions ask the same?"""

from mtl_core.kinds.classification import Classification

QQP = Classification(
    name="qqp",
    title="Duplicate questions (QQP)",
    question="Do the two questions ask the same?",
    hub=("nyu-mll/glue", "qqp"),
    folder="QQP/{split}",
    torn_rows=True,
    inputs=("question1", "question2"),
    input_titles=("First question", "Second question"),
    labels=("different", "duplicate"),
    label_columns=("is_duplicate", "label"),
    metrics=("accuracy", "binary_f1"),
    tries=(
        ("How do I learn to swim?", "What is the best way of learning to swim?"),
        ("How do I learn to swim?", "How do I learn to sing?"),
    ),
    source="Iyer, Dandekar & Csernai 2017, Quora; GLUE (Wang et al. 2018)",
)
