"""The bot at a code forge, whichever it is: what it reads again, writes, says and obeys. Knows `ports.forge` only."""
