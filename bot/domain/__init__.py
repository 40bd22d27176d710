"""What is true, without a framework: only the standard library is imported here."""
