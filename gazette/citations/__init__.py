"""Citations: numbers, titles and provisions as texts print them, and the documents they mean."""
