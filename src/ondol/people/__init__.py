"""People and programs: accounts, sessions, tokens, the audit."""
