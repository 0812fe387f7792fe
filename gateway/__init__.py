"""The front of house: HTTP in, HTTP out, settings, wiring and the command line.

Start at app.py, the only place where the rooms are put together.
"""
