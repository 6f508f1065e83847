"""Explore: the dev examples with what each model answered."""
