"""Buildings, spaces, tenants and points."""
