"""CoLA: is the sentence acceptable English?"""

from mtl_core.kinds.classification import Classification

COLA = Classification(
    name="cola",
    title="Acceptability (CoLA)",
    question="Is the sentence acceptable English?",
    hub=("nyu-mll/glue", "cola"),
    folder="CoLA/{split}",
    other_files=(("cola_public/raw/in_domain_train.tsv", "cola_public/raw/in_domain_dev.tsv"),),
    columns=("origin", "label", "mark", "sentence"),
    inputs=("sentence",),
    input_titles=("Sentence",),
    labels=("unacceptable", "acceptable"),
    metrics=("matthews", "accuracy"),
    tries=(
        ("The book was written by a friend of mine.",),
        ("The book was written by a friend of me's.",),
        ("Who did you say that left early?",),
    ),
    source="Warstadt et al. 2019, aclanthology.org/Q19-1040; GLUE (Wang et al. 2018)",
)
