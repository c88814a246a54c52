"""Collecting: words are dictated, and what is written is kept at once."""
