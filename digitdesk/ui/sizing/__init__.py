"""The size of everything: lengths that know how they were meant, and widgets that change theirs."""
