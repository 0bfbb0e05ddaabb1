"""Readings: as they are sent, and as columns on their way to the store."""

from ondol.readings.model.frames import (
    EARLIEST_US,
    LARGEST_VALUE,
    LATEST_US,
    LONGEST_SOURCE,
    READINGS,
    bucket_readings,
    deduplicated,
    readings_frame,
)
from ondol.readings.model.submissions import (
    MOST_ERRORS,
    TELLING_TEXTS,
    UNIT_TEXTS,
    Form,
    Receipt,
    Refusal,
    Sent,
    SentLines,
    Submission,
)

__all__ = [
    "EARLIEST_US",
    "LARGEST_VALUE",
    "LATEST_US",
    "LONGEST_SOURCE",
    "MOST_ERRORS",
    "READINGS",
    "TELLING_TEXTS",
    "UNIT_TEXTS",
    "Form",
    "Receipt",
    "Refusal",
    "Sent",
    "SentLines",
    "Submission",
    "bucket_readings",
    "deduplicated",
    "readings_frame",
]
