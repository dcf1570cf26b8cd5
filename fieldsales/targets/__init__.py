"""Targets: what a month shall bring, split to every customer, the plan agreed with him, and the gap that is left."""
