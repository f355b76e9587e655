"""How the pages of 考核 look."""
