"""Social and health insurance (Bảo hiểm xã hội Việt Nam), over REST JSON."""
