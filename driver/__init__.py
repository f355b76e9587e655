"""The dashboard driven from outside: for tests, pictures and benchmarks; the dashboard itself never imports it."""
