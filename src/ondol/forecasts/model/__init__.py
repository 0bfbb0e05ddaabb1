"""Types of forecasts."""
