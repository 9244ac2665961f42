"""The catalog: tables, the URL ledger, runs, leases and queries. Alone imports SQLAlchemy."""
