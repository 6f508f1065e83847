"""Runs that build on others: teachers, and an encoder to start from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from mtl_core.config.run import RunConfig
from mtl_core.engine import parents
from mtl_core.engine.check import check
from mtl_core.engine.events import Preparing, StepDone
from mtl_core.errors import InvalidConfig
from mtl_core.kinds.classification.model import MODEL
from mtl_core.store.workspace import Workspace
from tests.engine.trained_runs import config, events, weights


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> Workspace:
    """Holds finished runs: alone1 (sst2), alone2 (squad), pair1 (both, one encoder), two1 (both, an encoder each)."""
    workspace = Workspace(tmp_path_factory.mktemp("runs"))
    for run_id, values in {
        "alone1": {"tasks": "sst2"},
        "alone2": {"tasks": "squad"},
        "pair1": {},
        "two1": {"sharing": "single"},
    }.items():
        events(workspace, run_id, config(encoder, **values))
    return workspace


def messages(workspace: Workspace, asked: RunConfig) -> list[str]:
    return [fault.message for fault in parents.faults(asked, workspace.find_run)]


def test_imitation_by_hand() -> None:
    """Teacher (3/4, 1/4), student (1/2, 1/2): ln 2 whatever the teacher says; student (3/4, 1/4): the entropy."""
    teacher, even = torch.tensor([[3.0, 1.0]]).log(), torch.zeros(1, 2)
    assert float(MODEL.imitation(even, teacher)) == pytest.approx(0.693147)
    assert float(MODEL.imitation(teacher, teacher)) == pytest.approx(0.562335)


def test_the_teachers_word_fades(encoder: Path, workspace: Workspace) -> None:
    """At the first step the teachers alone are heard, at the last one nearly only the labels."""
    plain = events(workspace, "plain", config(encoder))
    taught = events(workspace, "taught", config(encoder, teachers="alone1,alone2"))
    assert "asking the teacher of squad" in [event.what for event in taught if isinstance(event, Preparing)]
    first = [next(e.step for e in run if isinstance(e, StepDone)) for run in (plain, taught)]
    assert first[0].task == first[1].task
    assert first[0].loss != first[1].loss
    assert len(list((workspace.cache / "teachers").glob("*.safetensors"))) == 2


def test_a_pupil_whose_teachers_know_nothing_learns_their_uncertainty(
    encoder: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the labels shut out, the student comes as near to its teacher as the teacher's entropy allows."""
    from mtl_core.engine import loop, step

    make = step.make_step
    monkeypatch.setattr(loop, "make_step", lambda *given: make(*given[:4], 0.0))
    asked = config(encoder, tasks="sst2,squad", teachers="alone1,alone2", epochs=8)
    found = events(workspace, "still", asked)
    losses = [event.step.loss for event in found if isinstance(event, StepDone) and event.step.task == "sst2"]
    assert min(losses) < 0.70
    assert min(losses) > 0.3, "a teacher that is unsure can't be matched with less than its entropy"


def test_a_run_starts_from_anothers_encoder(
    encoder: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtl_core.engine import trained

    for start, key in (("pair1", "encoder."), ("two1:squad", "encoders.squad."), ("alone1", "encoders.sst2.")):
        found = trained.load_start(config(encoder, start_from=start), workspace.find_run)
        source = weights(workspace, start.partition(":")[0])
        assert all(torch.equal(tensor, source[key + name]) for name, tensor in found.state_dict().items())
    began = events(workspace, "began", config(encoder, start_from="pair1"))
    fresh = events(workspace, "fresh", config(encoder))
    first = [next(e.step.loss for e in run if isinstance(e, StepDone)) for run in (began, fresh)]
    assert first[0] != first[1]


def test_what_is_wrong_with_runs_that_are_named(encoder: Path, workspace: Workspace) -> None:
    half = workspace.run("half")
    half.write_json(half.config, config(encoder, tasks="sst2").model_dump(mode="json"))
    half.write_json(half.report, {"state": "failed"})
    for values, message in [
        ({"start_from": "nobody"}, "there is no run 'nobody'. `python -m mtl_core runs` lists them."),
        ({"start_from": "../etc"}, "there is no run '../etc'. `python -m mtl_core runs` lists them."),
        ({"start_from": "half"}, "the run half is failed. Choose one that has finished."),
        ({"start_from": "pair1:mnli"}, "the run pair1 has not trained 'mnli'. Name one of sst2, squad."),
        (
            {"start_from": "pair1", "encoder": "embedded"},
            f"the run pair1 has trained the encoder {encoder}, not embedded. Choose that one.",
        ),
        ({"teachers": "nobody"}, "there is no run 'nobody'. `python -m mtl_core runs` lists them."),
        ({"teachers": "half"}, "the run half is failed. Choose one that has finished."),
        (
            {"teachers": "pair1"},
            "the run pair1 has trained sst2 and squad. A teacher has trained one of this run's tasks, and that alone.",
        ),
        (
            {"teachers": "alone1", "max_length": 64},
            "the run alone1 has read its texts with max_length 48, not 64. "
            "A teacher must read its texts as the student does.",
        ),
        (
            {"teachers": "alone1", "tasks": "sst2"},
            "a run of one task can only learn from itself. Leave the teachers out, or add a task.",
        ),
    ]:
        asked = config(encoder, **values)
        assert messages(workspace, asked) == [message]
        with pytest.raises(InvalidConfig) as caught:
            check(asked, workspace.find_run)
        assert [fault.message for fault in caught.value.faults] == [message]


def test_a_run_that_mixes_streams_can_not_be_started_from(encoder: Path, workspace: Workspace) -> None:
    from mtl_core.engine import trained

    folder = workspace.run("pair1")
    document = json.loads(folder.config.read_text())
    parts = weights(workspace, "pair1")
    assert parts
    assert document["sharing"] == "hard"
    other = trained.load(workspace.trained_run("pair1")).model.encoder_of("sst2")
    other.extra = torch.nn.Linear(1, 1)
    with pytest.raises(InvalidConfig) as caught:
        trained._copy(other, trained.load_start(config(encoder), workspace.find_run), config(encoder, sharing="hard"))
    words = "a run of the sharing 'hard' has no plain encoder to start from. Choose another run."
    assert [fault.message for fault in caught.value.faults] == [words]
