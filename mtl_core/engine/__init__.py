"""The loop and what belongs to it: plan, evaluation, prediction, checkpoints."""
