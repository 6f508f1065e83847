"""SNLI: does the premise entail the hypothesis, contradict it, or neither?"""

from mtl_core.kinds.classification import Classification

SNLI = Classification(
    name="snli",
    title="Inference (SNLI)",
    question="Does the premise entail the hypothesis, contradict it, or neither?",
    hub=("stanfordnlp/snli", None),
    hub_inputs=("premise", "hypothesis"),
    folder="snli_1.0/snli_1.0_{split}",
    other_files=(("SNLI/train.tsv", "SNLI/dev.tsv"),),
    inputs=("sentence1", "sentence2"),
    input_titles=("Premise", "Hypothesis"),
    clusters=(("premise", "sentence1"),),
    labels=("entailment", "neutral", "contradiction"),
    label_columns=("gold_label", "label"),
    tries=(
        ("Two men are carrying a piano up the stairs.", "The men are musicians."),
        ("A girl in a red coat feeds the ducks.", "A child is outdoors."),
        ("A dog runs along the beach.", "The dog is asleep on the sofa."),
    ),
    source="Bowman et al. 2015, aclanthology.org/D15-1075",
)
