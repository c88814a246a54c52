"""Finds the strokes behind a picture of a digit, as a pen may have drawn them."""
