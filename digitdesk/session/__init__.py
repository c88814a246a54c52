"""The session: one facade over the core, for whoever drives it, and what it owns."""
