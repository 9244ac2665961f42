"""Inspection pages: server-rendered, read-only, loopback by default."""
