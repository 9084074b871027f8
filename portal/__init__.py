"""The top floor: web pages, APIs, the command line. Thin: it asks the rooms below."""
