"""The register's front office: lists, pastes and sweeps become records, nothing overwritten."""
