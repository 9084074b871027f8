"""Search: one field list, one query language, one plan, several engines."""
