"""Statements of account (对账单): the balance both sides sign, with the differences listed."""
