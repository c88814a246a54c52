"""Files: where they lie, written whole or not at all, and opened with caution."""
