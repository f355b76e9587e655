"""How it leaves the screen: documents made from frames, `python -m reports` asks and writes."""
