"""Handwriting, signs and scribbles that the program makes up by itself."""
