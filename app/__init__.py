"""OKR Coach: reviews drafted OKRs, finds overlaps between teams and suggests rewrites."""
