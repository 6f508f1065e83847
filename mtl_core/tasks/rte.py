"""RTE: does the first text entail the second?"""

from mtl_core.kinds.classification import Classification

RTE = Classification(
    name="rte",
    title="Inference (RTE)",
    question="Does the premise entail the hypothesis?",
    hub=("nyu-mll/glue", "rte"),
    hub_inputs=("premise", "hypothesis"),
    folder="RTE/{split}",
    other_files=(("RTE/train.jsonl", "RTE/val.jsonl"),),
    inputs=("sentence1", "sentence2"),
    input_titles=("Premise", "Hypothesis"),
    clusters=(("premise", "sentence1"),),
    labels=("entailment", "not_entailment"),
    tries=(
        ("The bank was founded in 1902 by two brothers from Turin.", "Two brothers founded the bank."),
        ("The museum is closed on Mondays.", "The museum has been closed for good."),
    ),
    source="Dagan et al. 2006 and its three successors; GLUE (Wang et al. 2018)",
)
