"""Promises to pay: who promised what, for when, in which words, and whether it was kept."""
