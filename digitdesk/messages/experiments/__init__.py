"""Plain values about experiments: what is planned, how it goes, and what came out."""
