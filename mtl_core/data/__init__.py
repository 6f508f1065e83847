"""Where examples come from (hub, folder, sample), how they are encoded and put into batches."""
