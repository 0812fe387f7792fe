"""The national enterprise and household-business registration databases, over REST JSON."""
