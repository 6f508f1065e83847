from __future__ import annotations

from math import isfinite

from mtl_core.config.study import StudyConfig
from mtl_core.studies.views import transfer_matrix
from mtl_core.studies.views.transfer_matrix import Matrix
from tests.studies.designs_building import config_of
from tests.studies.judging import judged

PAIRS = config_of("all_pairs", ("sst2", "mnli", "squad"))
SCORES = {
    **{(f"{task} alone", task): [70.0, 71.0, 72.0] for task in ("sst2", "mnli", "squad")},
    ("sst2 + mnli · hard", "sst2"): [75.0, 76.1, 76.9],
    ("sst2 + mnli · hard", "mnli"): [66.0, 67.1, 67.9],
    ("sst2 + squad · hard", "sst2"): [70.3, 70.9, 71.8],
}


def of(config: StudyConfig, scores: dict[tuple[str, str], list[float]]) -> Matrix:
    return transfer_matrix.matrix(config, judged(config, scores))


def test_helpers_in_rows_targets_in_columns_in_the_study_s_order() -> None:
    found = of(PAIRS, SCORES)
    assert found.helpers == found.targets == ("sst2", "mnli", "squad")
    assert ("sst2", "sst2") not in found.cells
    assert found.cells["mnli", "sst2"].decision == "helps"
    assert found.cells["sst2", "mnli"].decision == "hurts"
    assert found.cells["squad", "mnli"].verdict is None


def test_the_matrix_as_a_table() -> None:
    found = transfer_matrix.table(PAIRS, of(PAIRS, SCORES))
    assert found.columns == ("helper", "sst2", "mnli", "squad")
    by_helper = {row[0]: row[1:] for row in found.rows}
    assert by_helper["mnli"][0] == "▲ +5.0 [+3.8, +6.2]"
    assert by_helper["sst2"] == ("", by_helper["sst2"][1], "? –")
    assert by_helper["sst2"][1].startswith("▼ −4.0 [−")
    assert found.notes == (
        "Points that the helper adds to the target alone, and their 95 % interval. Baselines have the same number of "
        "target updates.",
        "▲ helps, ▼ hurts, ≈ practically equal, ? not enough evidence; the margin is 0.5 points.",
        "Verdicts are adjusted for all 6 comparisons of the study (Holm), intervals are each one's own.",
        "No run of 'sst2 + squad · hard' has finished yet.",
        "No run of 'mnli + squad · hard' has finished yet.",
    )


def test_arms_of_the_same_two_tasks_have_a_row_each() -> None:
    config = config_of("methods", ("sst2", "mnli"), methods=("hard", "pal"))
    found = of(config, {})
    assert (found.heading, found.helpers) == ("condition", ("hard", "pal"))
    assert set(found.cells) == {(row, task) for row in ("hard", "pal") for task in ("sst2", "mnli")}


def test_a_helper_with_several_arms_among_several_tasks_is_told_apart() -> None:
    config = config_of("methods", ("sst2", "mnli", "squad"), methods=("hard", "pal"))
    found = of(config, {})
    assert (found.heading, found.helpers) == ("condition", ("hard", "pal"))
    grown = PAIRS.model_copy(
        update={
            "arms": (*PAIRS.arms, PAIRS.arm("sst2 + mnli · hard").model_copy(update={"name": "sst2 + mnli · again"})),
            "comparisons": (
                *PAIRS.comparisons,
                *(
                    one.model_copy(update={"treatment": "sst2 + mnli · again"})
                    for one in PAIRS.comparisons
                    if one.treatment == "sst2 + mnli · hard"
                ),
            ),
        }
    )
    found = of(grown, {})
    assert found.heading == "helper"
    assert set(found.helpers) == {"sst2 · hard", "sst2 · again", "mnli · hard", "mnli · again", "squad"}
    assert len(found.cells) == 8


def test_arms_whose_own_words_are_the_same_go_by_their_names() -> None:
    config = config_of("methods", ("sst2", "mnli"), methods=("hard",))
    [treatment] = [arm for arm in config.arms if not arm.baseline]
    other = treatment.model_copy(update={"name": "mnli + sst2 · hard", "config": turned(treatment.config)})
    more = [one.model_copy(update={"treatment": other.name}) for one in config.comparisons]
    grown = config.model_copy(update={"arms": (*config.arms, other), "comparisons": (*config.comparisons, *more)})
    assert of(grown, {}).helpers == ("sst2 + mnli · hard", "mnli + sst2 · hard")


def turned(config):  # type: ignore[no-untyped-def]
    return config.model_copy(update={"tasks": config.tasks[::-1]})


def test_one_target_is_no_matrix() -> None:
    assert transfer_matrix.fits(PAIRS)
    assert not transfer_matrix.fits(config_of("question", ("sst2", "mnli", "squad")))
    assert not transfer_matrix.fits(config_of("itself", ("sst2",)))


def test_the_picture_is_coloured_only_where_there_is_a_verdict() -> None:
    picture = transfer_matrix.picture(of(PAIRS, SCORES))
    fills = {(shape.x0 + 0.485, shape.y0 + 0.46): shape.fillcolor for shape in picture.figure.layout.shapes}
    blue, orange, grey = fills[0, 1], fills[1, 0], fills[0, 2]
    assert blue == "rgba(0,114,178,0.60)"
    assert orange.startswith("rgba(213,94,0,0.5")
    assert grey == "rgba(86,98,112,0.09)"
    assert len(fills) == 6
    assert picture.alt.startswith("Effects in points, helper by target. mnli for sst2: helps, +5.0 [+")
    assert "squad for mnli: not enough evidence, –" in picture.alt


def test_the_picture_tells_which_cell_was_clicked_and_what_it_rests_on() -> None:
    found = of(PAIRS, SCORES)
    [touched] = transfer_matrix.picture(found).figure.data
    assert touched.customdata[1][0] == ["mnli", "sst2"]
    assert touched.z[0][0] is None
    verdict = found.cells["mnli", "sst2"].verdict
    assert verdict is not None
    assert isfinite(verdict.low)
    assert touched.text[1][0].startswith("<b>sst2 + mnli · hard</b> on sst2<br>▲ helps · +5.0 [+")
    assert touched.text[1][0].endswith("3 seeds per condition, 1,000 dev examples")
