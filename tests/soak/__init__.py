"""Slow proofs of endurance: `make soak`."""
