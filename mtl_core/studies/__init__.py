"""Studies: from a question to arms and baselines, from their runs to verdicts. No torch, no widgets."""
