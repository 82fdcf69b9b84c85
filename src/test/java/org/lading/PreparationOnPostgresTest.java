package org.lading;

import org.lading.testing.OnPostgres;

/** Creating a download that takes longer than its client waits, as PostgreSQL keeps it. */
@OnPostgres
class PreparationOnPostgresTest extends PreparationTest {}
