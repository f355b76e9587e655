"""The application's own database: what it remembers by itself, and the only thing it writes."""
