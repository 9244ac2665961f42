"""Links and stories in, an immutable release out; and releases read back, checked and exported."""
