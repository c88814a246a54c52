"""One training step on all cores: replicas, threads and worker processes."""
