"""Clean-ups (清理): lists that decide on many documents at once, matched line by line."""
