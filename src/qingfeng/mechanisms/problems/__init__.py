"""Problems 问题: found, put right on one sheet each, and written off."""
