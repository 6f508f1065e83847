"""Widgets and layout: one file a page, what they share in parts.py."""
