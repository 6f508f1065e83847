"""BoolQ: yes or no?"""

from mtl_core.kinds.classification import Classification

BOOLQ = Classification(
    name="boolq",
    title="Yes or no (BoolQ)",
    question="Is the answer to the question yes or no?",
    hub=("aps/super_glue", "boolq"),
    folder="BoolQ/{split}",
    folder_dev="val",
    other_files=(("BoolQ/train.jsonl", "BoolQ/dev.jsonl"),),
    inputs=("passage", "question"),
    input_titles=("Passage", "Question"),
    clusters=(("passage", "passage"),),
    labels=("no", "yes"),
    label_columns=("label", "answer"),
    tries=(
        (
            "The bridge was built in 1889 and closed to cars in 1972. Cyclists may still use it.",
            "can you drive across the bridge",
        ),
        (
            "The bridge was built in 1889 and closed to cars in 1972. Cyclists may still use it.",
            "may bicycles cross the bridge",
        ),
    ),
    source="Clark et al. 2019, aclanthology.org/N19-1300; SuperGLUE (Wang et al. 2019)",
)
