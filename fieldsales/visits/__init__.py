"""Visits: who was met, what was said, what was seen, and what comes next."""
