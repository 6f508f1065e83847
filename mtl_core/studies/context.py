"""A study as its views see it: the runs that it is made of, and every comparison with its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core.config.study import StudyConfig
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.judge import Judged, judge
from mtl_core.studies.members import Member, members


@dataclass(frozen=True, slots=True)
class StudyContext:
    """A study with its runs and verdicts, read once for all views."""

    workspace: Workspace
    study: Study
    members: Sequence[Member]
    """Every arm with every seed."""
    judged: Sequence[Judged]
    """Every comparison, in the study's order; the verdicts are adjusted for their number."""

    @property
    def config(self) -> StudyConfig:
        """The study's arms, seeds and comparisons."""
        return self.study.config


def read(workspace: Workspace, study: Study) -> StudyContext:
    """The study as it stands now."""
    return StudyContext(workspace, study, members(workspace, study), judge(workspace, study))
