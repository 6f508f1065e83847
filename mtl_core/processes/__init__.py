"""Kept for processes of version 0.1 that are still running; goes with the next version."""
