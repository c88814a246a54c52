"""Data sets as their owner meets them: seen, brought, and chosen from."""
