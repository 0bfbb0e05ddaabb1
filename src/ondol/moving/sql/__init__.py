"""Moving of the relational part."""
