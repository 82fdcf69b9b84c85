package org.lading;

import org.lading.testing.OnPostgres;

/** Downloads whose time is up, in PostgreSQL. */
@OnPostgres
class ExpiryOnPostgresTest extends ExpiryTest {}
