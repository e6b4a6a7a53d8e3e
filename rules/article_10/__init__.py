"""Article 10, connection: one text file per requirement and one module for each that is judged."""
