"""Topics: a task of a built-in kind that has no built-in task."""

from mtl_core.kinds.multi_label import MultiLabel

TOPICS = MultiLabel(
    name="topics",
    title="Topics",
    question="What is the text about?",
    hub=("nobody/topics", None),
    folder="topics/{split}",
    inputs=("text",),
    input_titles=("Text",),
    labels=("travel", "sport", "food"),
    source="made for a test",
)
