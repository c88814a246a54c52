"""Experiments: plans, the queue that works them off, and what comes out, told with its chance."""

PROCESS_ARGUMENT = "experiment-process"
"""What ``digitdesk`` is called with to be a process that makes runs; here, as this reads nothing
heavy."""
