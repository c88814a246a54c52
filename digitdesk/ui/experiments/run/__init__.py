"""Run: the queue, and what becomes of each run."""
