"""`make fuzz`: mutated bulletins and documents against the laws of reading. See docs/decisions/0032-fuzzing.md."""
