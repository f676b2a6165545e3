"""Domain-free toolbox: money, clock, ids, database session and column types, paging, text, signing."""
