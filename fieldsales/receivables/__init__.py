"""Receivables: invoices, instalments due, payments, allocations, ageing, interest, limitation."""
