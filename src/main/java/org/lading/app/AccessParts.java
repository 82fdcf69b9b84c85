package org.lading.app;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import org.lading.access.Access;
import org.lading.access.AccessSettings;
import org.lading.access.Authentication;
import org.lading.access.digest.DigestAuthenticator;
import org.lading.access.digest.DigestSecret;
import org.lading.api.OriginCheck;
import org.lading.api.create.CreateAdmission;
import org.lading.body.BodyFilter;
import org.lading.body.BodySpool;
import org.lading.config.Configuration;
import org.lading.limit.Limits;
import org.lading.metrics.Metrics;
import org.lading.store.Database;
import org.lading.store.JdbcNonceUses;
import org.lading.store.JdbcSecret;

/**
 * The parts that decide who may have what.
 *
 * @param authentication finds out which client a request comes from
 * @param access finds out what a request may have
 * @param admission decides who may create downloads
 */
record AccessParts(Authentication authentication, Access access, CreateAdmission admission) {
  /** Makes the parts of one node; the nodes on a database take each other's nonces. */
  static AccessParts of(
      Configuration configuration, Database database, Limits limits, Clock clock, Metrics metrics) {
    AccessSettings settings = configuration.access();
    Map<String, DigestSecret> secrets = settings.clients().digestSecrets();
    DigestAuthenticator digests =
        secrets.isEmpty()
            ? null
            : new DigestAuthenticator(
                settings.realm(),
                secrets,
                JdbcSecret.of(database, "nonces"),
                new JdbcNonceUses(database, clock),
                clock);
    Authentication authentication = new Authentication(settings.clients(), digests);
    return new AccessParts(
        authentication,
        new Access(settings, authentication, clock),
        new CreateAdmission(
            configuration.create(),
            authentication,
            new OriginCheck(configuration.routes()),
            limits,
            LimitParts.addresses(configuration)::of,
            metrics));
  }

  /** Makes the filter that reads the bodies of those who may send some. */
  BodyFilter bodies(Configuration configuration, Executor readers, Metrics metrics, Clock clock) {
    BodySpool spool =
        new BodySpool(
            configuration.storage().resolve("bodies"), configuration.create().maxBodyBytes());
    metrics.gauge("lading.bodies.active", "Request bodies that are being read", spool::bodies);
    metrics.gauge("lading.bodies.bytes", "Bytes of request bodies on disk", spool::bytes);
    return new BodyFilter(
        BrowseParts.policy(configuration, access, admission), spool, readers, clock);
  }
}
