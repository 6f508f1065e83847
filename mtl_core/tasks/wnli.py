"""WNLI: is the pronoun's referent the one that the second sentence names?"""

from mtl_core.kinds.classification import Classification

WNLI = Classification(
    name="wnli",
    title="Pronouns (WNLI)",
    question="Does the first sentence entail the one with the pronoun replaced?",
    hub=("nyu-mll/glue", "wnli"),
    folder="WNLI/{split}",
    inputs=("sentence1", "sentence2"),
    input_titles=("Sentence", "With the pronoun replaced"),
    clusters=(("sentence", "sentence1"),),
    labels=("not_entailment", "entailment"),
    tries=(
        ("The cup did not fit into the box because it was too big.", "The cup was too big."),
        ("The cup did not fit into the box because it was too big.", "The box was too big."),
    ),
    source="Levesque, Davis & Morgenstern 2012; GLUE (Wang et al. 2018)",
)
