"""Meter files."""
