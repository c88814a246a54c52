"""Training on a graphics card: a step that is recorded once and replayed, without waits."""
