"""Reading 查阅: what an actor may read, in lists, pages, figures and boards."""
