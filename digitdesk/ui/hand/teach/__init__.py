"""Teaching: a model learns a hand, and what that has brought is seen beside what was before."""
