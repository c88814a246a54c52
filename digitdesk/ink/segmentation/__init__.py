"""Several digits beside each other: where one may end and the next begin."""
