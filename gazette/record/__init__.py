"""Documents, their versions and copies: how they enter the record and how they are read from it."""
