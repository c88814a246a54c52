"""Training: the synchronous loop, the data-parallel step, the worker thread and its helpers."""

WORKER_ARGUMENT = "training-helper"
"""What ``digitdesk`` is called with to be a helper; here, as nothing heavy must be read for it."""
