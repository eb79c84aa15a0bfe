"""The page that people paste into, and the pages of the rules."""
