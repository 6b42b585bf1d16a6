"""The school as a journal knows it: nouns, judgments and verbs, without a database, a messenger or a clock."""
