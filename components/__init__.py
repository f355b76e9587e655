"""How it looks: theme, charts, cards, tables, lights and filters; no reads of any database."""
