"""Kept for processes of version 0.1 that are still running; goes with the next version."""

from mtl_core.jobs.exit_status import note_end as note_end
