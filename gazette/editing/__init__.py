"""What editors do to the record: publish, correct, judge, merge, undo."""
