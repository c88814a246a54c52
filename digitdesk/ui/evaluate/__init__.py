"""The Evaluate tab: where a network is wrong, how sure it is, and what breaks it."""
