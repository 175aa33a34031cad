"""Papers of a dossier: slips and results, from data to PDF."""
