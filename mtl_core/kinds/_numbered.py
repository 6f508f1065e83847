"""Answers that a file numbers: its schema names them, in an order of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def own_labels(known: Sequence[str], labels: Sequence[str]) -> dict[int, str]:
    """A number in the file → the task's label of that name; empty where the names are not the task's.

    "Not_Entailment" is "not entailment", unless labels differ in nothing else.
    """
    if set(known) == set(labels):
        return dict(enumerate(known))
    own = {_plain(label): label for label in labels}
    plain = [_plain(name) for name in known]
    if set(plain) != set(own) or len(set(plain)) < len(plain) or len(own) < len(labels):
        return {}
    return {number: own[name] for number, name in enumerate(plain)}


def remarks(
    task: str, labels: Sequence[str], columns: Sequence[str], names: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """What to say of names that are not the task's: none is, so that answers go by their number.

    Raises ValueError where some are at other numbers, or there are more or fewer.
    """
    column = next((column for column in columns if names.get(column)), "")
    known, own = [_plain(name) for name in names.get(column, ())], [_plain(label) for label in labels]
    if not known or own_labels(names[column], labels) or known == [str(number) for number in range(len(own))]:
        return ()
    listed = f"the file's schema numbers the labels in '{column}' as {', '.join(names[column])}"
    moved = any(name in own and own.index(name) != number for number, name in enumerate(known))
    if moved or len(known) != len(own):
        raise ValueError(f"{listed}. Labels of {task} are {', '.join(labels)}. Give labels by name.")
    return (f"{listed}, which are taken for {', '.join(labels)} in this order",)


def _plain(name: str) -> str:
    return name.strip().casefold().replace("_", " ").replace("-", " ")
