"""The command line: running an installation, and every act and read from the declarations."""
