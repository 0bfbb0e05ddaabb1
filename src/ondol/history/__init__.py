"""History: intervals that are kept for good."""
