"""What becomes of old entries: retired, or on hold."""
