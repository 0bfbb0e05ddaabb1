"""The forms in which readings are sent."""
