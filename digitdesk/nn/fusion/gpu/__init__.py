"""Layers that run as one on a graphics card: the other execution order over layers as written."""
