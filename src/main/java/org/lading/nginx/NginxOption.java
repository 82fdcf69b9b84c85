package org.lading.nginx;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An option of the generator: its name, the form of its value, and its default. */
public enum NginxOption {
  /** S3 locations in the plain form. */
  PLAIN("--plain", null, null, Forms.FLAG, "", "S3 locations in the plain form"),
  /** The version of the module. */
  MOD_ZIP(
      "--mod-zip",
      "VERSION",
      "1.3",
      "1\\.[34]",
      "it is 1.3 (also for 1.3.0) or 1.4",
      "the version of mod_zip, 1.3 or 1.4"),
  /** An nginx without the module. */
  NO_MOD_ZIP("--no-mod-zip", null, null, Forms.FLAG, "", "nginx has no mod_zip"),
  /** The version of nginx. */
  NGINX_VERSION(
      "--nginx-version",
      "VERSION",
      "1.22",
      "\\d+\\.\\d+(\\.\\d+)?",
      "it is like 1.22 or 1.27.3",
      "the version of nginx, at least"),
  /** The addresses of the application, on one node or several. */
  APP(
      "--app",
      "URL,...",
      "http://127.0.0.1:8080",
      "\\S+",
      "it is like http://127.0.0.1:8080",
      "where Lading listens; of several nodes all"),
  /** Where the WAR is deployed. */
  CONTEXT_PATH(
      "--context-path",
      "PATH",
      "/downloads",
      "(/[A-Za-z0-9._-]+)+",
      "it begins with a slash, does not end in one, and has letters, digits and . _ - only",
      "the path of Lading"),
  /** Where the public server listens. */
  LISTEN(
      "--listen",
      "ADDRESS,...",
      null,
      "[A-Za-z0-9.:/\\[\\]_ =*,-]+",
      "it is like 80, 192.0.2.1:8080, [::]:80 or unix:/run/lading.sock",
      "where nginx listens for clients (80, with a certificate 443)"),
  /** The certificate of the public server. */
  TLS_CERTIFICATE(
      "--tls-certificate",
      "FILE",
      null,
      Forms.FILE,
      "it is a file",
      "the certificate, with those that lead to its CA"),
  /** The key of the certificate. */
  TLS_KEY("--tls-key", "FILE", null, Forms.FILE, "it is a file", "the key of the certificate"),
  /** HTTP/2 on the public server. */
  HTTP2("--http2", null, null, Forms.FLAG, "", "HTTP/2 for clients, by TLS"),
  /** Who may create. */
  ALLOW_CREATE(
      "--allow-create",
      "ADDRESS,...",
      "all",
      Forms.ADDRESSES,
      Forms.ADDRESSES_ARE,
      "who may create"),
  /** Who may see the status page. */
  ALLOW_STATUS(
      "--allow-status",
      "ADDRESS,...",
      "127.0.0.1,::1",
      Forms.ADDRESSES,
      Forms.ADDRESSES_ARE,
      "who sees /status"),
  /** Who may ask whether a node is alive and ready. */
  ALLOW_HEALTH(
      "--allow-health",
      "ADDRESS,...",
      "127.0.0.1,::1",
      Forms.ADDRESSES,
      Forms.ADDRESSES_ARE,
      "who asks /health/live and /health/ready"),
  /** Who may see the metrics. */
  ALLOW_METRICS(
      "--allow-metrics",
      "ADDRESS,...",
      "127.0.0.1,::1",
      Forms.ADDRESSES,
      Forms.ADDRESSES_ARE,
      "who sees /metrics"),
  /** Where the server for files listens. */
  FILES_LISTEN(
      "--files-listen",
      "ADDRESS",
      "unix:/run/lading-files.sock",
      "(127(\\.\\d{1,3}){3}|\\[::1]|localhost):\\d+|unix:/[A-Za-z0-9._/-]+",
      "whoever reaches that server reads every root, so it is unix:/PATH, or a loopback address"
          + " with a port",
      "where its second server listens, which reads the files"),
  /** The name servers that tell the addresses of S3 hosts. */
  RESOLVER(
      "--resolver",
      "ADDRESS,...",
      null,
      "((\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9A-Fa-f:.]+])(:\\d+)?(,|$))+(?<!,)",
      "it is the address of a name server, like 127.0.0.53 or [::1]:5353",
      "the name servers that tell the addresses of S3"),
  /** The CA certificates for S3. */
  CA_FILE(
      "--ca-file",
      "FILE",
      "/etc/ssl/certs/ca-certificates.crt",
      Forms.FILE,
      "it is a file",
      "the CA certificates with which S3 is verified"),
  /** The access log of requests that may have a token. */
  ACCESS_LOG(
      "--access-log",
      "FILE",
      null,
      Forms.FILE,
      "it is a file",
      "the access log of plain links and of the pages to pick from"),
  /** The audit log of archives that mod_zip makes. */
  AUDIT_LOG(
      "--audit-log",
      "FILE",
      null,
      Forms.FILE,
      "it is a file",
      "the audit log of archives that mod_zip makes"),
  /** The storage of medusa-downloader. */
  LEGACY_STORAGE(
      "--legacy-storage",
      "DIR",
      null,
      "/.*",
      "it is an absolute path",
      "the storage of medusa-downloader, whose links are served on");

  /** The forms that several options share. */
  private static final class Forms {
    static final String FLAG = "";
    static final String FILE = ".+";
    static final String ADDRESSES = "all|((unix:|[0-9A-Fa-f:.]+(/\\d+)?)(,|$))+(?<!,)";
    static final String ADDRESSES_ARE =
        "it is all, or addresses and networks like 192.0.2.1 or 2001:db8::/32";
  }

  private final String text;
  private final @Nullable String value;
  private final @Nullable String byDefault;
  private final Pattern form;
  private final String hint;
  private final String help;

  NginxOption(
      String text,
      @Nullable String value,
      @Nullable String byDefault,
      String form,
      String hint,
      String help) {
    this.text = text;
    this.value = value;
    this.byDefault = byDefault;
    this.form = Pattern.compile(form);
    this.hint = hint;
    this.help = help;
  }

  /** Returns the option with a name such as {@code --app}. */
  static Optional<NginxOption> named(String name) {
    return Stream.of(values()).filter(option -> option.text.equals(name)).findFirst();
  }

  /** Returns the name, such as {@code --app}. */
  String text() {
    return text;
  }

  /** Returns whether the option has a value. */
  boolean hasValue() {
    return value != null;
  }

  /** Returns the value that holds without the option, or null. */
  @Nullable String byDefault() {
    return byDefault;
  }

  /** Returns the line of the usage: the option, what it is, and its default. */
  String usage() {
    String name = value == null ? text : text + " " + value;
    String otherwise = byDefault == null ? "" : " (" + byDefault + ")";
    return "  %-27s %s%s".formatted(name, help, otherwise);
  }

  /** Throws {@link IllegalArgumentException} for a value that nginx would misread. */
  void require(String given) {
    if (!form.matcher(given).matches()) {
      throw new IllegalArgumentException("%s: not usable: %s: %s".formatted(text, given, hint));
    }
  }
}
