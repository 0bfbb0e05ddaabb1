"""Points on the relational database."""
