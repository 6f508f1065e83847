"""WiC: does a word mean the same in two sentences?"""

from mtl_core.kinds.classification import Classification

WIC = Classification(
    name="wic",
    title="Word sense (WiC)",
    question="Does the word mean the same in both sentences?",
    hub=("aps/super_glue", "wic"),
    folder="WiC/{split}",
    folder_dev="val",
    inputs=("word", "sentence1", "sentence2"),
    input_titles=("Word", "First sentence", "Second sentence"),
    clusters=(("word", "word"),),
    labels=("different", "same"),
    tries=(
        ("bank", "They sat on the bank of the river.", "The bank lends money to students."),
        ("play", "The children play in the garden.", "We play cards on Sundays."),
    ),
    source="Pilehvar & Camacho-Collados 2019, aclanthology.org/N19-1128; SuperGLUE (Wang et al. 2019)",
)
