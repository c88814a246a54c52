"""Plans: as text, as rows, and those that come with the program."""
