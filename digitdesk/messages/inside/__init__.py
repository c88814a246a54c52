"""What is seen inside a network: its layers, its numbers, and how each of them came about."""
