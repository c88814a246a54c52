"""What came out: means and their chance, what mattered, and tables to take along."""
