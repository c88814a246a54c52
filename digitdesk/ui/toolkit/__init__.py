"""Small parts that every tab is made of, and how they look."""
