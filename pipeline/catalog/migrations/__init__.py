"""Steps from each schema of the catalog to the next, for SQLite and PostgreSQL."""
