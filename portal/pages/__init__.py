"""Page objects: what a template shows, finished, so that templates hold no query and no rule."""
