"""The Train tab: settings of a run, its buttons, its live chart, and the gradient check."""
