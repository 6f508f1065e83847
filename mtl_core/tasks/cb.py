"""CommitmentBank: is the author committed to what the premise embeds?"""

from mtl_core.kinds.classification import Classification

CB = Classification(
    name="cb",
    title="Commitment (CB)",
    question="Does the premise entail the hypothesis, contradict it, or neither?",
    hub=("aps/super_glue", "cb"),
    folder="CB/{split}",
    folder_dev="val",
    inputs=("premise", "hypothesis"),
    input_titles=("Premise", "Hypothesis"),
    labels=("entailment", "contradiction", "neutral"),
    metrics=("accuracy", "macro_f1"),
    tries=(
        ("I don't think that he has ever been to Rome.", "He has been to Rome."),
        ("She knew that the shop was closed.", "The shop was closed."),
    ),
    source="de Marneffe, Simons & Tonhauser 2019; SuperGLUE (Wang et al. 2019)",
)
