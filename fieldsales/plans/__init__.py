"""Repayment plans: instalments that sum exactly, signed on the spot, tracked to the last payment."""
