"""Plan: what is tried, and how long that takes."""
