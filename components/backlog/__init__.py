"""How the pages of 积案 look."""
