"""The command line: serving, the worker, the demonstration, the ledger, backup and restore."""
