"""Recognition: from a network's numbers to an answer, how sure it is, and how often it is right."""
