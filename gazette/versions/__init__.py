"""Versions: what amendments make of a text, and two versions side by side."""
