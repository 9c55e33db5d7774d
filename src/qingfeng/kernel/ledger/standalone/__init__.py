"""Home of the verifier that runs without this project; nothing here is imported by it."""
