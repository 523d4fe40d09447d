"""How rows are kept: the registry of tables and the grants it yields, ids, encryption, retry. Knows no room."""
