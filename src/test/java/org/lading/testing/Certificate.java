package org.lading.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate that is its own CA, made for a test.
 *
 * @param pem the file with the certificate, and with it the CA
 * @param key the file with its private key, in the clear
 * @param store the key store that has it, which is also a trust store
 */
public record Certificate(Path pem, Path key, Path store) {
  /** The password of the key store. */
  public static final String PASSWORD = "changeit";

  /** Makes the certificate of a host name, with files in a directory that are named after it. */
  public static Certificate of(String host, Path directory) throws IOException {
    Path keys = directory.resolve(host + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-ext",
                "bc:c",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.toString())
            .redirectErrorStream(true)
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(new String(keytool.getInputStream().readAllBytes(), US_ASCII));
      }
      return written(keys, host, directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static Certificate written(Path keys, String host, Path directory)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    java.security.cert.Certificate certificate = store.getCertificate("test");
    byte[] key = store.getKey("test", PASSWORD.toCharArray()).getEncoded();
    // A trust store has certificates without keys.
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("test", certificate);
    Path trusted = directory.resolve(host + "-trust.p12");
    try (var out = Files.newOutputStream(trusted)) {
      trust.store(out, PASSWORD.toCharArray());
    }
    return new Certificate(
        pem(directory.resolve(host + ".pem"), "CERTIFICATE", certificate.getEncoded()),
        pem(directory.resolve(host + ".key"), "PRIVATE KEY", key),
        trusted);
  }

  private static Path pem(Path file, String what, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, text));
  }

  /** Has this process trust this certificate alone, from its next connection on. */
  public void trust() {
    System.setProperty("javax.net.ssl.trustStore", store.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
  }

  /** Has this process trust what Java trusts. */
  public static void trustAsUsual() {
    System.clearProperty("javax.net.ssl.trustStore");
    System.clearProperty("javax.net.ssl.trustStorePassword");
  }

  /** nginx's directives for a server with this certificate. */
  public String directives() {
    return "ssl_certificate \"%s\"; ssl_certificate_key \"%s\";".formatted(pem, key);
  }
}
