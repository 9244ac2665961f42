"""Which agency a text names, where, and whether that is a credit or only a mention."""
