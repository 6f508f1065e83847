"""STS-B: how alike in meaning are two sentences?"""

from mtl_core.kinds.regression import Regression

STSB = Regression(
    name="stsb",
    title="Similarity (STS-B)",
    question="How alike in meaning are the sentences, from 0 to 5?",
    hub=("nyu-mll/glue", "stsb"),
    folder="STS-B/{split}",
    inputs=("sentence1", "sentence2"),
    input_titles=("First sentence", "Second sentence"),
    low=0.0,
    high=5.0,
    tries=(
        ("A man is playing a guitar.", "Someone plays the guitar."),
        ("A man is playing a guitar.", "A woman is slicing an onion."),
        ("The shares fell by two percent.", "The stock lost 2 % of its value on Monday."),
    ),
    source="Cer et al. 2017, aclanthology.org/S17-2001; GLUE (Wang et al. 2018)",
)
