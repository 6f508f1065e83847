"""MNLI: does the premise entail the hypothesis, contradict it, or neither?"""

from mtl_core.kinds.classification import Classification

MNLI = Classification(
    name="mnli",
    title="Inference (MNLI)",
    question="Does the premise entail the hypothesis, contradict it, or neither?",
    hub=("nyu-mll/glue", "mnli"),
    hub_dev="validation_matched",
    hub_inputs=("premise", "hypothesis"),
    folder="MNLI/{split}",
    folder_dev="dev_matched",
    inputs=("sentence1", "sentence2"),
    input_titles=("Premise", "Hypothesis"),
    clusters=(("premise", "sentence1"),),
    labels=("entailment", "neutral", "contradiction"),
    tries=(
        ("The museum is closed on Mondays.", "You can't visit the museum on a Monday."),
        ("Two men are carrying a piano up the stairs.", "The men are musicians."),
        ("Nobody had told her about the meeting.", "She was told about the meeting twice."),
    ),
    source="Williams et al. 2018, aclanthology.org/N18-1101; matched dev set",
)
