"""Reports of exams: a page that needs nothing else, its figures, and tables for other programs."""
