"""Ondol: building energy management, from the meter to the bill."""

__version__ = "0.1.0"
