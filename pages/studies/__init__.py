"""Studies: the list, the form, one study and its views."""
