"""Layers that run as one: an execution order beside the layers as written."""
