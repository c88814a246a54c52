"""Evaluation: how often a reader is right on labelled sets, and how two readers differ."""
