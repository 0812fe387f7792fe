"""What auditors, citizens and statistics ask of the log."""
