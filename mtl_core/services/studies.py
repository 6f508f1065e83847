"""The questions and actions of the Studies page: the studies there are, their answers, and what people do with them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mtl_core import registry, study_designs
from mtl_core.config import automation
from mtl_core.config.automation import TUNERS as TUNERS
from mtl_core.config.automation import USUAL_MOST_SEEDS as USUAL_MOST_SEEDS
from mtl_core.config.automation import Auto
from mtl_core.config.presets import PRESETS
from mtl_core.config.study import DEFAULT_SEEDS as DEFAULT_SEEDS
from mtl_core.config.study import MATCHES as MATCHES
from mtl_core.config.study import Arm as Arm
from mtl_core.config.study import StudyConfig
from mtl_core.display.formats import STATES as RUN_STATES
from mtl_core.display.formats import StateLook
from mtl_core.display.words import capital
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.jobs import sealing
from mtl_core.jobs import studies as jobs
from mtl_core.jobs.advance import wanted
from mtl_core.records import LIVE
from mtl_core.records import RESUMABLE as RESUMABLE
from mtl_core.records import RunState as RunState
from mtl_core.services import plans
from mtl_core.statistics import ModelsCompared as ModelsCompared
from mtl_core.store import studies
from mtl_core.store.studies import Study as Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies import card as cards
from mtl_core.studies import describe, export, judge, sentences, tuning
from mtl_core.studies.context import StudyContext
from mtl_core.studies.judge import Judged
from mtl_core.studies.members import Absence as Absence
from mtl_core.studies.members import Member as Member
from mtl_core.studies.members import counts, members
from mtl_core.studies.single_models import single_runs as single_runs
from mtl_core.studies.tuning import TrialRun
from mtl_core.study_designs import StudyPreset as StudyPreset

STATES = {
    **RUN_STATES,
    Absence.NOT_STARTED: StateLook(":material/radio_button_unchecked:", "not started", "gray"),
    Absence.DELETED: StateLook(":material/delete:", "deleted", "orange"),
    describe.INCOMPLETE: StateLook(":material/extension_off:", describe.INCOMPLETE, "orange"),
}
"""The looks of the states of studies and of their runs: those of runs, and three more."""
FIRST_PRESET = "question"
MARGIN: float = StudyConfig.model_fields["margin"].default
"""Points, unless someone says otherwise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A study in the list."""

    study: Study
    members: Sequence[Member]
    """Every arm with every seed."""
    trials: Sequence[TrialRun] = ()
    """Every trial of its tuning."""

    @property
    def state(self) -> str:
        """Of the whole study."""
        return describe.state(self.members, self.trials)

    @property
    def counts(self) -> Mapping[str, int]:
        """Runs by state."""
        return counts(self.members)

    @property
    def stamp(self) -> str:
        """Changes when an answer may."""
        return stamp(self.study, self.members)

    @property
    def live(self) -> bool:
        """True if a run of it waits or trains."""
        return self.state in LIVE

    @property
    def finished(self) -> int:
        """Runs that have results."""
        return counts(self.members)[RunState.FINISHED]

    @property
    def unfinished(self) -> bool:
        """True if a run of it is missing or has ended before its time, and it does not go on by itself."""
        if self.study.automation.going:
            return False
        return wanted(self.study) or any(one.state not in (*LIVE, RunState.FINISHED) for one in self.members)

    @property
    def begun(self) -> bool:
        """True if any run of it was ever started."""
        return bool(self.trials) or any(one.state != Absence.NOT_STARTED for one in self.members)

    @property
    def runs(self) -> int:
        """All of them."""
        return len(self.members)

    @property
    def by_itself(self) -> list[str]:
        """What it does by itself, a sentence each."""
        return describe.by_itself(self.study, self.trials)

    @property
    def moment(self) -> tuple[object, ...]:
        """Changes when the page has something new to draw."""
        return (self.finished, self.live, self.study.automation, len(self.study.config.seeds))

    @property
    def generated(self) -> bool:
        """True if its numbers come from the generated sample."""
        return self.study.config.from_sample


def entries(workspace: Workspace) -> tuple[list[Entry], dict[str, str]]:
    """All studies, the newest first, and why others can't be read, by file name."""
    listed, unreadable = studies.listing(workspace)
    return [_entry(workspace, study) for study in listed], unreadable


def entry(workspace: Workspace, study_id: str) -> Entry:
    """One study with its runs. Raises StudyNotFound or StoreError."""
    return _entry(workspace, studies.get(workspace, study_id))


def _entry(workspace: Workspace, study: Study) -> Entry:
    trials = tuning.trial_runs(workspace, study) if study.automation.trials else ()
    return Entry(study, members(workspace, study), trials)


def context(workspace: Workspace, entry: Entry) -> StudyContext:
    """The study as its views see it, with its verdicts. Raises StudyNotFound or StoreError."""
    return StudyContext(workspace, entry.study, entry.members, _judged(workspace, entry.study.id, entry.stamp))


@lru_cache(maxsize=200)
def _judged(workspace: Workspace, study_id: str, stamp: str) -> tuple[Judged, ...]:
    """Every comparison with its verdict; judged again when `stamp` has changed, as a run has moved on."""
    assert stamp
    return tuple(judge.judge(workspace, studies.get(workspace, study_id)))


def stamp(study: Study, listed: Sequence[Member]) -> str:
    """Changes with the study's config, and when one of its runs is another or in another state: then judge again."""
    runs = [(one.run.id if one.run else "", one.state) for one in listed]
    return hashlib.sha256(f"{study.config.model_dump_json()} {runs}".encode()).hexdigest()


def answer(workspace: Workspace, entry: Entry) -> str:
    """A study's verdicts in a line; of a single one that rests on one seed, that too."""
    return sentences.answer_and_seeds(_judged(workspace, entry.study.id, entry.stamp))


def report(workspace: Workspace, study_id: str) -> str:
    """The study as one HTML page."""
    return export.html(workspace, sealing.for_report(workspace, study_id))


def card(study: Study) -> str:
    """The study's run card, as JSON."""
    return cards.card(study)


def presets() -> list[type[StudyPreset]]:
    """The designs that a form offers: a question of one's own first, the others by their titles."""
    designs: list[type[StudyPreset]] = [study_designs.load(name) for name in registry.names("study_designs")]
    return sorted(designs, key=lambda one: (one.name != FIRST_PRESET, one.title))


def preset(name: str) -> type[StudyPreset]:
    """A design by name."""
    chosen: type[StudyPreset] = study_designs.load(name)
    return chosen


def settings_of(preset: type[StudyPreset]) -> dict[str, dict[str, Any]]:
    """The JSON schema of each of a preset's own settings."""
    return dict(preset.model_json_schema().get("properties", {}))


def choices(of: str) -> list[str]:
    """Names that a setting takes: of a family of methods, or `recipes` in words."""
    if of in registry.SINGULAR:
        return [name for name in registry.names(of) if name != "single"]
    sharings = [f"{name}/proportional/sum" for name in registry.names("sharing") if name not in ("single", "hard")]
    return [study_designs.RECIPE, *(preset.name for preset in PRESETS), *sharings]


def summary(preset: type[StudyPreset]) -> str:
    """The design in a line."""
    return (preset.__doc__ or "").split("\n")[0]


def add(workspace: Workspace, config: StudyConfig, expected: Mapping[str, float] | None = None) -> str:
    """Keeps a study without starting it; its id. `expected`: seconds of a run by arm. Raises StoreError."""
    workspace.check()
    return studies.add(workspace, jobs.settled(config), expected).id


def start(workspace: Workspace, config: StudyConfig, expected: Mapping[str, float] | None = None) -> str:
    """Keeps a study and queues what must be trained; its id. Raises TandemErrors; then there is no study."""
    study_id = add(workspace, config, expected)
    try:
        jobs.start(workspace, study_id)
    except TandemError:
        studies.delete(workspace, study_id)
        raise
    return study_id


def pause(workspace: Workspace, study_id: str) -> int:
    """Asks everything that waits or trains to stop; how many."""
    return len(jobs.pause(workspace, study_id))


def go_on(workspace: Workspace, study_id: str) -> int:
    """Checks data and encoder of what was not trained yet, then resumes and starts; how many. Raises TandemErrors."""
    study = studies.get(workspace, study_id)
    missing = {one.arm for one in members(workspace, study) if one.run is None}
    check(workspace, study.config, missing)
    return len(jobs.go_on(workspace, study_id))


def run_auto(workspace: Workspace, study_id: str, most_seeds: int, hours: float | None) -> int:
    """Lets the study add seeds by itself, within these limits; how many runs are new. Raises TandemErrors."""
    name = studies.get(workspace, study_id).config.preset
    halve = name in registry.names("study_designs") and study_designs.load(name).halves
    limits = automation.checked(Auto, {"most_seeds": most_seeds, "hours": hours, "halve": halve})
    return len(jobs.run_auto(workspace, study_id, limits))


def end_auto(workspace: Workspace, study_id: str) -> None:
    """Lets the study add no more seeds."""
    jobs.end_auto(workspace, study_id)


def check(workspace: Workspace, config: StudyConfig, arms: set[str]) -> None:
    """Waits for the plans of the arms with those names. Raises what is wrong with them."""
    plans.check(workspace, [arm.config for arm in config.arms if arm.name in arms])


def copy(workspace: Workspace, study_id: str) -> str:
    """The same study again, not started; the id of the new one. Own runs of it are taken over when it starts."""
    found = studies.get(workspace, study_id)
    name = capital(found.config.name.removeprefix("Example: ")) if found.example else f"Copy of {found.config.name}"
    return add(workspace, found.config.model_copy(update={"name": name[:120]}))


def describe_as(workspace: Workspace, study_id: str, *, name: str, tags: Sequence[str], notes: str) -> None:
    """Renames, tags and annotates. Raises InvalidConfig."""
    config = studies.get(workspace, study_id).config
    if not name.strip():
        raise InvalidConfig([Fault("name", "is empty. Give the question, or what to call the study.")])
    values = {"name": name.strip()[:120], "tags": tuple(dict.fromkeys(tags)), "notes": notes[:20_000]}
    with studies.changing(workspace, study_id) as changes:
        changes.keep(config=config.model_copy(update=values))


def delete(workspace: Workspace, study_id: str) -> Study:
    """Forgets a study; its runs stay. What it was, for `undo`."""
    return studies.delete(workspace, study_id)


def undo(workspace: Workspace, study: Study) -> None:
    """Puts a deleted study back."""
    studies.restore(workspace, study)


def take_card(workspace: Workspace, content: bytes, data: str = "") -> str:
    """Keeps the study of a run card, not started; its id. `data`: the folder here of a card that reads one.

    Raises InvalidConfig with every fault.
    """
    try:
        config = cards.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidConfig(
            [Fault("from", "this is not a text file. Give a run card that Tandem has made.")]
        ) from error
    if data:
        arms = [
            arm.model_copy(update={"config": arm.config.model_copy(update={"data": data})})
            if arm.config.source == "folder"
            else arm
            for arm in config.arms
        ]
        config = config.model_copy(update={"arms": tuple(arms)})
    return add(workspace, config)
