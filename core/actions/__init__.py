"""The verbs: each action is one transaction that does a thing, keeps its audit line and tells the outbox."""
