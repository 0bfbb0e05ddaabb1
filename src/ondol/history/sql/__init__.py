"""The port of `history` on the relational database."""
