"""The experiments of `faults.md`, a file for each family. Each takes a seed, a number of tries and a place."""
