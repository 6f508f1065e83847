"""The configs of a run and a study: frozen models, named recipes, and faults told beside their fields."""
