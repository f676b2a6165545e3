"""Claims, releases and objections, verbs that cross features, and the one next-step sentence."""
