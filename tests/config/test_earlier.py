"""Configs that earlier versions have stored mean what they meant then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtl_core.cli.run_options import config_from
from mtl_core.config import earlier
from mtl_core.config.run import RunConfig, parse
from mtl_core.config.study import StudyConfig
from mtl_core.store import reindex, runs, studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card
from tests import builders
from tests.studies import building

LIMITED = {"tasks": "sst2", "train_limit": 400}


def as_stored_before(config: RunConfig) -> dict[str, object]:
    """What a version without the field has written."""
    return {name: value for name, value in config.model_dump(mode="json").items() if name != "limit_by"}


def test_a_limit_of_an_earlier_version_took_the_first() -> None:
    before = as_stored_before(parse(LIMITED))
    assert parse(earlier.stored(before)).limit_by == "first"
    assert parse(before).limit_by == "hash"
    assert parse(earlier.stored({**before, "limit_by": "hash"})).limit_by == "hash"


def test_the_digest_of_an_arm_has_the_field_only_where_it_draws() -> None:
    """Digests of version 0.1 (tests/fixtures has more): the field is out of them unless a limit draws by hash."""
    drawn, first = parse(LIMITED), parse({**LIMITED, "limit_by": "first"})
    assert len({drawn.arm, first.arm, parse({"tasks": "sst2"}).arm}) == 3
    assert parse({"tasks": "sst2", "limit_by": "first"}).arm == parse({"tasks": "sst2"}).arm == "1af52d629485"
    assert first.arm == "05a4493b2d81"


def test_runs_are_read_so_from_folder_and_index(workspace: Workspace) -> None:
    run_id = builders.run(workspace, dev=4, **{**LIMITED, "limit_by": "first"})
    folder = workspace.run(run_id)
    before = as_stored_before(parse(folder.read_json(folder.config)))
    folder.write_json(folder.config, before)
    with workspace.write() as index:
        runs.update(index, run_id, config=json.dumps(before))
        assert runs.get(index, run_id).config.limit_by == "first"
    assert workspace.trained_run(run_id).config.limit_by == "first"
    workspace.index_file.unlink()
    assert reindex.reindex(workspace, "here").added == [run_id]
    with workspace.read() as index:
        run = runs.get(index, run_id)
    assert (run.config.limit_by, run.arm) == ("first", parse({**LIMITED, "limit_by": "first"}).arm)


def test_studies_and_their_cards_are_read_so(workspace: Workspace) -> None:
    study = studies.add(workspace, building.pair_config(train_limit=400))
    [path] = workspace.studies.glob("*.json")

    def kept(text: str) -> StudyConfig:
        path.write_text(text, "utf-8")
        return studies.get(workspace, study.id).config

    for text, read in ((path.read_text("utf-8"), kept), (card.card(study), card.parse)):
        document = json.loads(text)
        assert {arm.config.limit_by for arm in read(json.dumps(document)).arms} == {"hash"}
        for arm in document["config"]["arms"]:
            del arm["config"]["limit_by"]
        assert {arm.config.limit_by for arm in read(json.dumps(document)).arms} == {"first"}


@pytest.mark.parametrize("arms", [None, 3, [3], [{"name": "a"}], [{"name": "a", "config": 7}]])
def test_what_is_no_study_is_left_to_be_told(arms: object) -> None:
    assert earlier.stored_study({"arms": arms}) == {"arms": arms}


def test_a_file_for_train_is_a_runs_or_a_persons(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    for values, limit_by in (
        (as_stored_before(parse(LIMITED)), "first"),
        (parse(LIMITED).model_dump(mode="json"), "hash"),
        ({**LIMITED, "name": "mine", "device": "cpu"}, "hash"),
    ):
        file.write_text(json.dumps(values))
        assert config_from({}, file).limit_by == limit_by
        assert config_from({"limit_by": "hash"}, file).limit_by == "hash"
