"""What follows a plan through its cycle: check-ins, grades, what is carried over, and targets that were changed."""
