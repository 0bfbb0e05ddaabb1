"""The relational database: its engine, column types, base and migrations."""
