"""The programs that load torch, and what they have in common."""
