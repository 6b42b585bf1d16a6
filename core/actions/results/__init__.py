"""The end of a term: final marks are looked up, proposed, set, deferred; terms are closed."""
