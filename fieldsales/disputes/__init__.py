"""Disputes: what a customer will not pay for, and who decides."""
