"""Loopback outlets for tests."""
