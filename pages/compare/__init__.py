"""Compare: scores and curves side by side."""
