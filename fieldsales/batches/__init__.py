"""Batches (批量): a method used for many customers at once, printed as one file, its pieces followed to the end."""
