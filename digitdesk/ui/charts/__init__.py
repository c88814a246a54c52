"""Charts: loss and accuracy of a run, and the bars of an answer."""
