"""Training: the synchronous loop, the data-parallel step and the one worker thread."""
