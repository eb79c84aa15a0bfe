"""Speed, measured against named alternatives in the same run: `make bench`."""
