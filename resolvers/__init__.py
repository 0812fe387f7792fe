"""The graph: types, edges, prefill and verify, and the desk, the one door to personal data.

Start at schema.py (what can be asked), then desk.py (how it is fetched).
"""
