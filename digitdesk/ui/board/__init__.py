"""The drawing board and what belongs to it."""
