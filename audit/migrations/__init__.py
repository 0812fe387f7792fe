"""How the tables of the access log came about, step by step.

A step that was released is never changed: another one is added behind it.
A later step takes what an earlier program writes, so that replicas can be renewed one by one.
"""
