"""Final marks of whole classes: the long table, and the matrices that schools print."""
