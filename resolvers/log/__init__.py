"""The readers of the access log: what an auditor, a citizen and a statistician are shown."""
