"""What each template is given: frozen values built in a fixed number of queries, so that templates hold no logic."""
