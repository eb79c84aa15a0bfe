"""`/v1/workshops/{workshop}/…`: a planning workshop, for people with a name and a link instead of an account."""
