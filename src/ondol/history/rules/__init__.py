"""Rules of history: pure functions."""
