"""The cases, a module per class."""
