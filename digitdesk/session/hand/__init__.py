"""A person's own hand: dictated, examined under seal, and taught to a model."""
