"""Looks into a network: runs its layers as they are written, and tells every number's story."""
