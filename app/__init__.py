"""What people touch: commands, pages, the demo. Parse, call, show; no rules of its own."""
