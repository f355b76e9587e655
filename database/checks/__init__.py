"""What can be wrong in a filled database, subject by subject."""
