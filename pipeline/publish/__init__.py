"""Links and stories in, an immutable release out."""
