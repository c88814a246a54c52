"""Experiments of a session: begun, followed, and looked at afterwards."""
