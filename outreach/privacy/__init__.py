"""The privacy office: what law asks of who keeps personal data (domain 4.1)."""
