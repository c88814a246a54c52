"""Data that comes from elsewhere: read, looked at, labelled, and then written."""
