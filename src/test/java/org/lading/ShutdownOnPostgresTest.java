package org.lading;

import org.lading.testing.OnPostgres;

/** The end of a Lading that has its downloads in PostgreSQL. */
@OnPostgres
class ShutdownOnPostgresTest extends ShutdownTest {}
