"""Energy performance."""
