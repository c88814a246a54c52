"""One person's hand, and what it is mixed with so that a network does not forget the others."""
