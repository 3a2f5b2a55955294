"""Why an entry exists, as clauses and in English."""
