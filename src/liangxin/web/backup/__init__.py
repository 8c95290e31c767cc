"""The whole site in one file and back, on SQLite and PostgreSQL, while people work."""
