"""Why an entry exists, as clauses and in English, and the assumptions that this rests on."""
