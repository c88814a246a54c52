"""The Draw tab: reads a digit or a number while it is drawn."""
