"""Moods: which moods does the text name?"""

from mtl_core.kinds.any_of import AnyOf

MOODS = AnyOf(
    name="moods",
    title="Moods",
    question="Which moods does the text name?",
    hub=("nobody/moods", None),
    folder="moods/{split}",
    inputs=("text",),
    input_titles=("Text",),
    labels=("glad", "sad", "calm"),
    source="made for a test",
)
