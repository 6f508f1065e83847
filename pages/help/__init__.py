"""Help: the words, the methods, how a verdict comes about, where files lie, the keyboard."""
