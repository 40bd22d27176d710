"""What Vigil remembers: the tables, the queries on them, and the key that seals what they hold."""
