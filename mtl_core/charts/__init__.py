"""Figures: a data frame in, a plotly figure out; one theme."""
