"""Files that are there whole or not at all, and locks that live as long as their process."""
