"""The Inside tab: every number of a network on one drawing, forward and backward."""
