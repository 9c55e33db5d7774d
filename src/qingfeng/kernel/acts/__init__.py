"""Acts 办理动作: each declared once, performed by one engine."""
