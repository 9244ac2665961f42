"""Read models: what the terminal and the web show. Each query is bounded in rows and returns frozen dataclasses."""
