"""People, their forge identities, sessions and mailed links: who is acting."""
