"""What an auditor may rely on: entries, and a log that is durable before the answer.

Values of registry records never enter this room.
"""
