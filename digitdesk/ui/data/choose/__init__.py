"""A part of a data set that becomes a set of its own."""
