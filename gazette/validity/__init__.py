"""Validity: clauses become effects, effects on held documents events, events a status on any day."""
