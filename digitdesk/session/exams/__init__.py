"""Exams: models read labelled sets, and everything that is asked of their answers afterwards."""
