"""Commands of this office, run as `python -m doudi.office.config manage …`."""
