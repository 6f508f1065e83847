"""A filter of runs, as it is typed: `state=finished task=sst2,mnli tag=paper "two words"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from mtl_core.errors import Fault, InvalidConfig, unknown_name
from mtl_core.records import RunState

TYPED: Mapping[str, str] = {
    "state": "states",
    "task": "tasks",
    "recipe": "recipes",
    "method": "methods",
    "encoder": "encoders",
    "data": "data",
    "seed": "seeds",
    "study": "studies",
    "tag": "tags",
    "launch": "launches",
    "id": "ids",
}
"""The name of a field as it is typed → the filter's own."""
PART = re.compile(r'(?:(\w+)=)?("[^"]*"|\S+)')
COMPARED = re.compile(r"\w*([<>]=?|!=|=).*")
"""A word that looks like a condition, and is none that there is: "score>80", "state!=failed", "state="."""
VALUE = re.compile(r'"[^"]*"|[^,]+')


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a run must have: of each field that is given one of its values, and all words. Empty: every run."""

    words: tuple[str, ...] = ()
    """Parts of its name, id, tags, note, tasks, recipe, encoder or data, in any case."""
    states: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    recipes: tuple[str, ...] = ()
    """Whole recipes: "hard · pcgrad"."""
    methods: tuple[str, ...] = ()
    """Parts of a recipe, all of which it must have: "hard"."""
    encoders: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    """A source, or a folder."""
    seeds: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    """Ids or names."""
    tags: tuple[str, ...] = ()
    launches: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def both(self, other: RunFilter) -> RunFilter:
        """The values of both filters, field by field."""
        return RunFilter(
            **{field.name: (*getattr(self, field.name), *getattr(other, field.name)) for field in fields(self)}
        )


def parse(text: str) -> RunFilter:
    """The filter that was typed. Raises InvalidConfig with each field, state or seed that there can't be, and with
    conditions other than field=value."""
    found: dict[str, tuple[str, ...]] = {}
    faults = []
    for name, typed in PART.findall(text):
        values = tuple(one.strip('"') for one in VALUE.findall(typed)) if name else (typed.strip('"'),)
        field = TYPED.get(name.lower(), "") if name else "words"
        if not name and (odd := COMPARED.fullmatch(typed)):
            faults.append(Fault("filter", _not_a_condition(typed, odd[1])))
        elif not field:
            faults.append(Fault("filter", unknown_name("field", name, TYPED)))
        elif field == "states":
            wrong = [value for value in values if value not in tuple(RunState)]
            faults += [Fault("filter", unknown_name("state", value, tuple(RunState))) for value in wrong]
        elif field == "seeds":
            wrong = [value for value in values if not (value.isascii() and value.isdigit())]
            faults += [Fault("filter", f"'{value}' is no seed. Give whole numbers: seed=1,2.") for value in wrong]
        found[field] = (*found.get(field, ()), *filter(None, values))
    if faults:
        raise InvalidConfig(faults)
    return RunFilter(**found)


def _not_a_condition(typed: str, sign: str) -> str:
    """What is wrong with "score>80", and what to type instead."""
    fields = f"Fields are {', '.join(TYPED)}, as in state=finished, without blanks."
    if sign == "=":
        return f"'{typed}' has no field or no value. {fields}"
    return (
        f"'{typed}' compares with {sign}, and filters know = alone. {fields} Sort by scores instead, or put it in "
        "quotes to look for such words."
    )
