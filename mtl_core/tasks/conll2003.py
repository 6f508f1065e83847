"""CoNLL-2003: which words name people, organisations, places and others?"""

from mtl_core.kinds.tagging import Tagging

CONLL2003 = Tagging(
    name="conll2003",
    title="Named entities (CoNLL-2003)",
    question="Which words name people, organisations, places and others?",
    hub=("tomaarsen/conll2003", None),
    folder="conll2003/{split}",
    folder_dev="valid",
    other_files=(("conll2003/eng.train", "conll2003/eng.testa"),),
    columns=("tokens", "pos_tags", "chunk_tags", "ner_tags"),
    labels=("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"),
    tries=(
        ("EU rejects German call to boycott British lamb .",),
        ("Ada Lovelace met Charles Babbage in London in 1833 .",),
        ("Nobody at the Blue Heron café had heard of it .",),
    ),
    source="Tjong Kim Sang & De Meulder 2003, aclanthology.org/W03-0419",
)
