"""WARC files: every answer as it was received, before anything else knows of it."""
