"""Launch: a form, what it would do, and the start."""
