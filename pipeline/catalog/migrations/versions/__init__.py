"""One module per step, named after its number."""
