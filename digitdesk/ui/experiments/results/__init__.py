"""Results: the table, and charts of it."""
