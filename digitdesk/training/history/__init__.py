"""What a run has told so far, for whoever draws or tabulates it; plain Python."""
