"""What may follow each command: a module for each, with its flags and words."""
