"""Rules of forecasts: pure functions."""
