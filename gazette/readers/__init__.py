"""One reader per file format: bytes in, a stream of blocks out."""
