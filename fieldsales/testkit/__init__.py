"""For the tests of a plugin: a whole program in a temporary folder, with people, a customer who owes, a mail server.

Installed with fieldsales as a plugin of pytest, so a test only has to name a fixture (``fixtures``). Judging a method
alone needs none of this: see ``fieldsales.plugin_api.testing``.
"""
