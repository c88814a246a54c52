"""A network as one looks into it: what every layer makes of a picture, and why."""
