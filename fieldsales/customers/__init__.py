"""Customers: who owes us, whom we know there, where, and whose they are."""
