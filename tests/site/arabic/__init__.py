"""Twelve invented Arabic sites, each with a template in the manner of real ones; their pages state what is right."""
