"""Examples: their sources (hub, folder, sample), encoding and batches."""
