from __future__ import annotations

from mtl_core.kinds._marks import Piece, around, pieces


def marks(text: str, gold: list[tuple[int, int]], said: list[tuple[int, int]]) -> list[tuple[str, bool, bool]]:
    return [(piece.text, piece.gold, piece.predicted) for piece in pieces(text, gold, said)]


def test_an_overlap_is_both() -> None:
    assert marks("in Lisbon today", [(3, 9)], [(0, 6)]) == [
        ("in ", False, True),
        ("Lis", True, True),
        ("bon", True, False),
        (" today", False, False),
    ]


def test_the_pieces_are_the_text() -> None:
    text = "a <b>😀</b> é"
    assert "".join(piece.text for piece in pieces(text, [(2, 5), (4, 7)], [(0, len(text))])) == text


def test_a_place_outside_of_the_text_marks_nothing() -> None:
    assert marks("short", [(-1, 3), (4, 99), (2, 2)], []) == [("short", False, False)]
    assert marks("", [(0, 1)], []) == []


def test_around_keeps_the_marks_and_what_stands_near_them() -> None:
    text = "x" * 50 + "GOLD" + "y" * 50 + "SAID" + "z" * 50
    near = around(pieces(text, [(50, 54)], [(104, 108)]), margin=5)
    assert "".join(piece.text for piece in near) == " … xxxxxGOLDyyyyy … yyyyySAIDzzzzz … "
    assert [piece.text for piece in near if piece.gold] == ["GOLD"]


def test_around_leaves_short_texts_whole() -> None:
    whole = pieces("in Lisbon today", [(3, 9)], [])
    assert around(whole, margin=20) == whole
    assert around([Piece("w" * 90, gold=False, predicted=False)], margin=5)[0].text == "wwwww … "
