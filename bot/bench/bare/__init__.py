"""The same work with bare libraries, to compare with."""
