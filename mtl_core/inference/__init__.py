"""Trained models that answer: the predictor, and what the model server does with it."""
