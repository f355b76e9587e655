"""Pure figures: numbers in, numbers out."""
