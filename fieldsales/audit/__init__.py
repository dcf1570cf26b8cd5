"""Audit (核查): what must always hold, checked against the books themselves."""
