"""The registries seen from outside: one folder each, all of the same shape.

They know nothing of GraphQL, consumers or the access log.
Start at registry.py (the shape), then population/ (the plainest example).
names.py, dates.py, identifiers.py and places/ are the words all registries share.
"""
