"""Words, formats, colours, tables and their exports: the same on every page and in every export."""
