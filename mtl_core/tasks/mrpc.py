"""MRPC: do two sentences say the same?"""

from mtl_core.kinds.classification import Classification

MRPC = Classification(
    name="mrpc",
    title="Paraphrase (MRPC)",
    question="Do the two sentences say the same?",
    hub=("nyu-mll/glue", "mrpc"),
    hub_inputs=("sentence1", "sentence2"),
    folder="MRPC/{split}",
    other_files=(("MRPC/msr_paraphrase_train.txt", "MRPC/msr_paraphrase_test.txt"),),
    inputs=("#1 String", "#2 String"),
    input_titles=("First sentence", "Second sentence"),
    labels=("different", "paraphrase"),
    label_columns=("Quality", "label"),
    metrics=("accuracy", "binary_f1"),
    tries=(
        ("The shares fell by two percent on Monday.", "On Monday the stock lost 2 % of its value."),
        ("The company will cut 300 jobs in May.", "The company has 300 workers."),
    ),
    source="Dolan & Brockett 2005, aclanthology.org/I05-5002; GLUE (Wang et al. 2018)",
)
