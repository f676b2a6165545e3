"""What every page needs and knows no feature: actor, CSRF, errors, filters, headers."""
