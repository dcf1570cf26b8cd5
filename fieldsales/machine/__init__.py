"""The machine: what must be installed before anything else of fieldsales can be imported.

Everything in this folder is standard library only and runs on a bare Python 3.11.
"""
