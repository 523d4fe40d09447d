"""The public pages: search, subject, dual publicity, law, ledger, promises of service. They read and own no tables."""
