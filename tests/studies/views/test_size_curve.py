from __future__ import annotations

import pytest

from mtl_core.studies.views import size_curve
from mtl_core.studies.views.size_curve import EffectCurve
from tests.studies.designs_building import config_of
from tests.studies.judging import judged

PAIR = ("sst2", "mnli")
CONFIG = config_of("size_curve", PAIR, shares=(1, 10, 100))
SIZES = (10, 100, 1000)
SEEDS = (-0.5, 0.1, 0.4)


def scores(gains: tuple[float, ...] = (6.0, 3.0, 0.0), seeds: int = 3) -> dict[tuple[str, str], list[float]]:
    found = {}
    for arm in CONFIG.arms:
        place = SIZES.index(arm.config.train_limit_of("sst2"))
        mean = 60.0 + 10 * place + (0 if arm.baseline else gains[place])
        found[arm.name, "sst2"] = [mean + seed * (1 if arm.baseline else -1) for seed in SEEDS[:seeds]]
    return found


def of(found: dict[tuple[str, str], list[float]]) -> EffectCurve:
    [curve] = size_curve.curves(CONFIG, judged(CONFIG, found))
    return curve


def test_which_studies_have_a_size_curve() -> None:
    assert size_curve.fits(CONFIG)
    assert not size_curve.fits(config_of("size_curve", PAIR, shares=(100,)))
    assert not size_curve.fits(config_of("all_pairs", PAIR))
    assert not size_curve.fits(config_of("methods", PAIR, methods=("hard", "pal"), base={"train_limit": 100}))


def test_a_row_a_size() -> None:
    curve = of(scores())
    assert (curve.target, curve.label) == ("sst2", "with mnli · hard")
    table = size_curve.table(CONFIG, curve)
    assert table.title == "sst2 with mnli · hard"
    assert table.columns == ("sst2 examples", "alone (%)", "together (%)", "seeds", "effect (points)", "verdict")
    assert [row[:4] for row in table.rows] == [
        ("10", "60.0 ± 1.1", "66.0 ± 1.1", "3"),
        ("100", "70.0 ± 1.1", "73.0 ± 1.1", "3"),
        ("1,000", "80.0 ± 1.1", "80.0 ± 1.1", "3"),
    ]
    assert table.rows[0][4].startswith("+6.0 [+")
    assert [row[5] for row in table.rows] == ["▲ helps", "▲ helps", "? not enough evidence"]
    assert table.notes[1] == "Effects within 0.5 points make no practical difference."


def test_a_size_without_results_stays_in_the_table_and_out_of_the_picture() -> None:
    found = scores()
    del found["sst2 + mnli · hard · 10 % of sst2", "sst2"]
    curve = of(found)
    table = size_curve.table(CONFIG, curve)
    assert table.rows[1] == ("100", "70.0 ± 1.1", "–", "3 / 0", "–", "? not enough evidence")
    assert table.notes[2] == "No run of 'sst2 + mnli · hard · 10 % of sst2' has finished yet."
    picture = size_curve.effects(CONFIG, curve)
    assert list(picture.figure.data[0].x) == [10, 1000]
    assert "100 examples not enough evidence, –" in picture.alt


def test_one_seed_has_effects_without_intervals() -> None:
    curve = of(scores(seeds=1))
    assert size_curve.table(CONFIG, curve).rows[0] == (*("10", "59.5", "66.5", "1", "+7.0", "? not enough evidence"),)
    marks = size_curve.effects(CONFIG, curve).figure.data[1]
    assert set(marks.marker.color) == {"#FFFFFF"}
    assert set(marks.error_y.array) == {None}


def test_the_picture_of_effects() -> None:
    picture = size_curve.effects(CONFIG, of(scores()))
    layout = picture.figure.layout
    assert layout.xaxis.type == "log"
    assert layout.xaxis.ticktext == ("10", "100", "1,000")
    signs = [(note.x, note.text) for note in layout.annotations]
    assert signs == [(1.0, "<b>▲</b>"), (2.0, "<b>▲</b>"), (3.0, "<b>?</b>")]
    band = layout.shapes[0]
    assert (band.y0, band.y1) == (-0.5, 0.5)
    assert picture.alt.startswith("Effect in points over sst2's training examples: 10 examples helps, +6.0 [+")


def test_the_picture_of_scores() -> None:
    picture = size_curve.scores(of(scores()))
    alone, together = picture.figure.data
    assert (alone.line.dash, together.line.dash) == ("dot", "solid")
    assert alone.line.color == together.line.color == "#E69F00"
    assert list(together.y) == pytest.approx([66.0, 73.0, 80.0])
    assert [note.text for note in picture.figure.layout.annotations] == ["alone", "with mnli"]
    assert picture.alt.startswith(
        "sst2 accuracy (%): 10 examples: alone 60.0 ± 1.1, with mnli 66.0 ± 1.1; 100 examples"
    )


def test_nothing_yet_is_drawn_without_points() -> None:
    curve = of({})
    assert not [trace for trace in size_curve.effects(CONFIG, curve).figure.data if trace.x]
    assert not size_curve.scores(curve).figure.layout.annotations
