"""Overview: the first answer, what runs, and what came out lately."""
