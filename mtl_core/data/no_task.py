"""Why the columns of a file make no task."""

from __future__ import annotations

from mtl_core.kinds._column import SHORT, Column
from mtl_core.kinds._guessing import Columns


def why_not(table: Columns, kind: str, source: str) -> str:
    """What is wrong with a table that makes no task, or none of the kind that was said, and what to do."""
    tags = [one for one in table.columns if one.parts and one.structured and all(map(str.isdecimal, one.parts))]
    if tags and any(table.named("tokens", "words")):
        return (
            f"{source}: '{tags[0].name}' has tags as numbers, and nothing says which is O, outside of every name. Give "
            "the tags' names in the order of their numbers: --labels O,B-PER,I-PER,..."
        )
    answer = table.label(lambda column: not column.structured)
    reason = _no_answer(answer, kind, table, source) if answer and table.texts(answer) else ""
    if reason:
        return reason
    names = ", ".join(f"'{column.name}'" for column in table.columns[:12])
    wanted = f"a task of the kind {kind}" if kind else "a task"
    return (
        f"{source}: its columns ({names}) don't make {wanted}: there is no column of texts, or none with answers. Say "
        "which they are: --inputs and --answer."
    )


def _no_answer(answer: Column, kind: str, table: Columns, source: str) -> str:
    """Why a column can't be the answer, "" where it tells no reason."""
    numbers = [one for one in (answer.points, answer.commas) if one.low <= one.high]
    if answer.structured:
        return ""
    if not answer.filled:
        return f"{source}: '{answer.name}' has no answer in any row. Say which column has the answers: --answer."
    if answer.counts is not None and len(answer.counts) == 1:
        return (
            f"{source}: every answer in '{answer.name}' is '{next(iter(answer.counts))}', so that there is nothing to "
            "learn. Give rows with at least two different answers, or another column: --answer."
        )
    odd = max((one.odd for one in numbers or (answer.points,) if one.odd), default=None)
    if odd and (numbers or kind == "regression" or odd[1][:1].isdigit() or "inf" in odd[1].lower()):
        unit = "row" if any(ending in source for ending in (".json", ".parquet")) and ".jsonl" not in source else "line"
        text = odd[1] if len(odd[1]) <= SHORT else f"{odd[1][:20]}… ({len(odd[1]):,} characters)"
        return (
            f"{source}, {unit} {odd[0]:,}: '{text}' in '{answer.name}' is no finite number. Write numbers such as "
            "12.5, 12,5 or 1.234,50, one way in the whole column, or leave the row out."
        )
    if answer.counts is None or len(answer.counts) > answer.filled / 2:
        return (
            f"{source}: '{answer.name}' has another value in nearly each row, so that its values are no labels. Say "
            "which column has the answers: --answer."
        )
    return ""
