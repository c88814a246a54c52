"""A network that is changed by hand: a unit of it, or all of its weights."""
