"""Assessment of units and cadres (目标考核): facts in, scores, traces and proposals out."""
