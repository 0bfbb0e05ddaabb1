"""What forecasts need."""
