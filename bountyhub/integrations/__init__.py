"""The only places that speak to the outside: payment processor, code forge and mail, each behind its port."""
