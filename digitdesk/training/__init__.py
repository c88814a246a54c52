"""Training: the synchronous loop, the data-parallel step, the worker thread and its processes."""

WORKER_ARGUMENT = "training-worker"
"""What ``digitdesk`` is called with to be a worker process; here, as this reads nothing heavy."""
