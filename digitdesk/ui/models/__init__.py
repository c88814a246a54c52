"""The Models tab: the models at hand, their cards and files, and two of them compared."""
