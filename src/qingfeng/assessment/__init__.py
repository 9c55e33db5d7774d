"""Assessment (考核): from schemes and facts to scores, ranks and traces. It knows no mechanism."""
