"""COPA: which of two texts is the likelier cause, or effect, of the premise?"""

from mtl_core.kinds.multiple_choice import MultipleChoice

COPA = MultipleChoice(
    name="copa",
    title="Cause and effect (COPA)",
    question="Which option is the likelier cause, or effect, of the premise?",
    hub=("aps/super_glue", "copa"),
    folder="COPA/{split}",
    folder_dev="val",
    inputs=("premise", "question", "choice1", "choice2"),
    input_titles=("Premise", "Cause or effect", "First option", "Second option"),
    stem="{premise} What was the {question} of this?",
    clusters=(("premise", "premise"),),
    tries=(
        ("The man broke his toe.", "cause", "He got a hole in his sock.", "He dropped a hammer on his foot."),
        ("It rained all night.", "effect", "The streets were wet in the morning.", "The clocks went back by an hour."),
        ("She left after ten minutes.", "cause", "The film was dreadful.", "The film was superb."),
    ),
    source="Roemmele et al. 2011; SuperGLUE (Wang et al. 2019), arxiv.org/abs/1905.00537",
)
