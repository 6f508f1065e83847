"""JSON as people and other programs write it: everything that can be wrong with it is one kind of error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from json import JSONDecodeError
from typing import Any

DEEPEST = 200
"""Objects and lists within each other: more than any data set or config has, fewer than Python can write again."""
DIGITS = 400
"""Digits of a whole number. The largest real number has 309 before its point; Python refuses to write over 4,300."""
TOO_DEEP = "values are nested too deeply"
TOKEN = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*"(\s*:)?', re.DOTALL)
"""A bracket, or a text, which is a name where a colon follows."""
LONG_NUMBER = re.compile(rf"\d{{{DIGITS + 1},}}")


def parsed(text: str) -> Any:
    """The document. Raises JSONDecodeError, with line and column, for what is broken, for a name that an object has
    twice (the last would win without a word), for values nested too deeply and for numbers of too many digits."""
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_int=_whole)
    except RecursionError:
        raise JSONDecodeError(TOO_DEEP, text, _first_too_deep(text)) from None
    except _LongNumber as error:
        found = LONG_NUMBER.search(text)
        raise JSONDecodeError(f"a number has {error} digits", text, found.start() if found else 0) from None
    except _Twice as error:
        words = f"an object has two values called {json.dumps(str(error))}"
        raise JSONDecodeError(words, text, _second(text)) from None
    if _too_deep(document):
        raise JSONDecodeError(TOO_DEEP, text, _first_too_deep(text))
    return document


class _LongNumber(Exception):
    """With the number of its digits."""


class _Twice(Exception):
    """With the name."""


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return made


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise _LongNumber(f"{len(digits.lstrip('-')):,}")
    return int(digits)


def _too_deep(document: Any) -> bool:
    """True where there are more than DEEPEST levels; one level is looked at after the other."""
    level = [document] if isinstance(document, (dict, list)) else []
    for _ in range(DEEPEST):
        each = (one.values() if isinstance(one, dict) else one for one in level)
        level = [value for values in each for value in values if isinstance(value, (dict, list))]
        if not level:
            return False
    return True


def _first_too_deep(text: str) -> int:
    """The place of the first bracket that stands more than DEEPEST deep."""
    return next((place for place, open_objects, _ in _walk(text) if len(open_objects) > DEEPEST), 0)


def _second(text: str) -> int:
    """The place of the first name that its object has had before."""
    return next((place for place, _, again in _walk(text) if again), 0)


def _walk(text: str) -> Iterator[tuple[int, list[set[str]], bool]]:
    """Each bracket and name: its place, the names of the objects and lists that are open, whether it comes again."""
    still_open: list[set[str]] = []
    for found in TOKEN.finditer(text):
        token, again = found[0], False
        if token in ("{", "["):
            still_open.append(set())
        elif token in ("}", "]"):
            del still_open[-1:]
        elif found[1] and still_open:
            name = json.loads(token.removesuffix(found[1]))
            again = name in still_open[-1]
            still_open[-1].add(name)
        yield found.start(), still_open, again
