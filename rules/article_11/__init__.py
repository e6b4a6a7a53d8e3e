"""Article 11, safety of MCU and VCS: one text file per requirement, one module for each judged."""
