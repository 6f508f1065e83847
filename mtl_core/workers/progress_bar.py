"""The progress bar of a foreground run, on standard error."""

from __future__ import annotations

import sys
from typing import Self

from tqdm import tqdm  # type: ignore[import-untyped]

from mtl_core.display.scores import words as score_words
from mtl_core.engine.events import Evaluated, Event, Merged, Preparing, Started, StepDone, Tested


class ProgressBar:
    """Called with each event. Where standard error is no terminal it writes lines and draws no bar."""

    def __init__(self) -> None:
        self._bar = tqdm(total=0, unit="step", file=sys.stderr, dynamic_ncols=True, leave=False, disable=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, event: Event) -> None:
        """Shows what the event tells."""
        match event:
            case Preparing():
                self._bar.set_description(event.what)
            case Started():
                self._bar.reset(total=event.total_steps)
                self._bar.set_description("training" if event.total_steps else "merging")
            case StepDone():
                self._bar.set_postfix_str(f"{event.step.task} loss {event.step.loss:.3f}", refresh=False)
                self._bar.update(event.step.step - self._bar.n)
            case Evaluated():
                place = event.tried or f"step {event.step:,}"
                self.write(f"{place}, validation split: {event.task} {score_words(event.scores)}")
            case Merged():
                self.write(f"chosen on the validation split: {event.words}")
            case Tested():
                self.write(f"dev set: {event.task} {score_words(event.scores)}")

    def write(self, words: str) -> None:
        """A line above the bar."""
        self._bar.write(words, file=sys.stderr)
