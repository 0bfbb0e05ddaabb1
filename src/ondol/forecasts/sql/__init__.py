"""The ports of `forecasts` on the relational database."""
