package org.lading;

import org.lading.testing.OnPostgres;

/** What a create request makes of its targets, kept in PostgreSQL. */
@OnPostgres
class CreateOnPostgresTest extends CreateTest {}
