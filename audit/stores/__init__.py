"""Where entries are kept: one writer for all, and the two databases."""
