"""An invented province: registries that speak the real wire formats, and a token issuer.

A separate program: it knows nothing of the gateway, and the gateway nothing of it.
"""
