"""JSON of other programs: each fault with its line and column."""

from __future__ import annotations

from json import JSONDecodeError

import pytest

from mtl_core.disk.json_text import parsed


def test_what_is_right_stays_as_it_is() -> None:
    assert parsed('{"a": [1, -2.5, null, {"a": true}], "b": {"a": "\\u00e9"}}') == {
        "a": [1, -2.5, None, {"a": True}],
        "b": {"a": "é"},
    }
    assert parsed("[" * 200 + "]" * 200)
    assert parsed("9" * 400) == int("9" * 400)


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("[\n" * 201 + "]" * 201, "values are nested too deeply", 201, 1),
        ("[" * 100_000, "values are nested too deeply", 1, 201),
        ('{"a":\n -' + "9" * 4301 + "}", "a number has 4,301 digits", 2, 3),
        ('[{"a": 1},\n{"b": 2, "a": {"b": 1},\n "b" : 2}]', 'an object has two values called "b"', 3, 2),
        ('{"a": }', "Expecting value", 1, 7),
    ],
)
def test_faults_have_a_place(text: str, words: str, line: int, column: int) -> None:
    with pytest.raises(JSONDecodeError) as raised:
        parsed(text)
    assert (raised.value.msg, raised.value.lineno, raised.value.colno) == (words, line, column)
