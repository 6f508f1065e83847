"""Watch: one run, or all runs of a launch or study."""
