"""The queue and its supervision: rows and processes, no torch."""
