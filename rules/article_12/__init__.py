"""Article 12, inspection and monitoring: a text file per requirement, a module for each judged."""
