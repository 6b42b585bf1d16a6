"""Days, spans and terms as people write them."""
