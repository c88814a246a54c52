"""The languages of the window: every word, number and error as the user reads it."""
