"""What a run and a study are: frozen models, named recipes, and faults told beside their fields."""
