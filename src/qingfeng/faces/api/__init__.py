"""The REST interface: an operation for every act and every read."""
