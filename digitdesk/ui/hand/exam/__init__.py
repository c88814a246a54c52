"""Exams: what is written in them is never learned, and tells how well models read a hand."""
