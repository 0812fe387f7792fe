"""The faces of the records: one file per registry, and the answers of prefill and verify.

A class docstring is the description that the schema publishes. Start at record.py.
"""
