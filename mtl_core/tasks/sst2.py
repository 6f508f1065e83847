"""SST-2: is a film review's sentence positive or negative?"""

from mtl_core.kinds.classification import Classification

SST2 = Classification(
    name="sst2",
    title="Sentiment (SST-2)",
    question="Is the sentence positive or negative?",
    hub=("nyu-mll/glue", "sst2"),
    folder="SST-2/{split}",
    inputs=("sentence",),
    input_titles=("Sentence",),
    labels=("negative", "positive"),
    tries=(
        ("A warm, funny and utterly charming film.",),
        ("The plot is thin, but the acting is never less than wonderful.",),
        ("It is not the worst film of the year, only the longest.",),
    ),
    source="Socher et al. 2013, aclanthology.org/D13-1170; GLUE (Wang et al. 2018)",
)
