"""Bytes of a page in, one article or one rejection out. Alone imports trafilatura."""
