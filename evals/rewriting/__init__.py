"""How rewrites are judged: apart from the product's own guard, which would only repeat what it let through."""
