"""The judgments of the school: pure functions over nouns; no clock, no storage, no words for people."""
