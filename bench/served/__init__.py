"""What bench/web.py stands on: an invented city straight into the tables, the real site before it, readers who ask."""
