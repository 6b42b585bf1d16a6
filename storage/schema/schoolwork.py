"""Files and versions of homework, control works, recommendations and who has read them."""
