"""The end of a term on a screen: a class's page, the state of the school, deferrals, reminders (Q52–Q55)."""
