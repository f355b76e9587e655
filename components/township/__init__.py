"""How the pages of 乡镇 look."""
