"""What the school's office does with many families at once: classes, lists, the book of consents, reminders."""
