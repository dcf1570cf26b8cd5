"""Demo data: a believable wholesaler's ledger, and the people, visits and promises around it."""
