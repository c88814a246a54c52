"""Faster ways to compute what layers define; none changes what a layer means."""
