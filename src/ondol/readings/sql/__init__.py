"""Readings on the relational database: what waits to become a point."""
