"""Diagnosis: what seems to go wrong with a run, why, and what usually helps."""
