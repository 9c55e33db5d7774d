"""Faces: what people and programs see. Everything here reads the declarations and knows no rule of its own."""
