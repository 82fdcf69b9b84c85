package org.lading.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.lading.amqp.BrokerSettings.TlsSettings;

/** Opens connections to the broker, which do not recover by themselves. */
final class BrokerConnector {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final int CALL_MILLIS = 15_000;
  private static final int SHUTDOWN_MILLIS = 1_000;

  /**
   * The maximum length of a message in bytes, that of RabbitMQ: a longer one would end the
   * connection each time it comes.
   */
  private static final int MAX_MESSAGE_BYTES = 512 << 20;

  private final BrokerSettings settings;
  private final AtomicInteger threads = new AtomicInteger();
  private @Nullable ConnectionFactory made;

  BrokerConnector(BrokerSettings settings) {
    this.settings = settings;
  }

  /**
   * Opens a connection.
   *
   * @param role what the connection is for, which operators of the broker see
   */
  Connection open(String role) throws IOException, TimeoutException, GeneralSecurityException {
    return factory().newConnection("lading " + role);
  }

  /** Makes the library's factory; once, since one that verifies nobody warns when it is made. */
  private synchronized ConnectionFactory factory() throws IOException, GeneralSecurityException {
    if (made != null) {
      return made;
    }
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(settings.host());
    factory.setPort(settings.port());
    factory.setUsername(settings.user());
    factory.setPassword(settings.password());
    factory.setVirtualHost(settings.vhost());
    factory.setRequestedHeartbeat(Math.toIntExact(settings.heartbeat().toSeconds()));
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
    factory.setChannelRpcTimeout(CALL_MILLIS);
    factory.setShutdownTimeout(SHUTDOWN_MILLIS);
    factory.setMaxInboundMessageBodySize(MAX_MESSAGE_BYTES);
    // Recovery waits for the first connection to be there, and keeps acknowledging on dead ones.
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setThreadFactory(this::thread);
    // With the library's own, among which the broker finds that it may say why it refuses a user,
    // and that a consumer wants to know when its queue is removed.
    Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
    properties.put("product", "Lading");
    factory.setClientProperties(properties);
    TlsSettings tls = settings.tls();
    if (tls != null && tls.isVerified()) {
      factory.useSslProtocol(verifying(tls.authorities()));
      factory.enableHostnameVerification();
    } else if (tls != null) {
      factory.useTlsWithNoVerification();
    }
    made = factory;
    return factory;
  }

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "lading-amqp-io-" + threads.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  private static SSLContext verifying(List<Path> authorities)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(authorities.isEmpty() ? null : keyStore(authorities));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore keyStore(List<Path> authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Path file : authorities) {
      try (InputStream in = Files.newInputStream(file)) {
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("ca-" + store.size(), one);
        }
      }
    }
    return store;
  }
}
