"""The ports of `people` on the relational database."""
