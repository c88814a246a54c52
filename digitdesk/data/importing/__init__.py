"""Brings data of other programs into a folder that can be trained on: one module a format."""
