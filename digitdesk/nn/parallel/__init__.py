"""Networks on all cores: threads, and who of those that want the cores goes first."""
