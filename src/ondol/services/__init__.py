"""Use cases, one verb-named file each."""
