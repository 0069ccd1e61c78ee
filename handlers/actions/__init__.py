"""Buttons, grouped by noun."""
