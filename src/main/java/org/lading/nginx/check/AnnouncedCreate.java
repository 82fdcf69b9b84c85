package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A create request that announces its body and waits to be asked for it, RFC 9110 section 10.1.1.
 * Java 17's own client does not see an answer that refuses the body.
 */
final class AnnouncedCreate {
  private static final int MAX_WAIT_MILLIS = 20_000;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private AnnouncedCreate() {}

  /** Sends the head of a request with a body of a length, and returns the status of the answer. */
  static int send(CheckOptions options, long length) throws IOException {
    try (Socket socket = connect(options.address())) {
      socket.getOutputStream().write(head(options, length).getBytes(ISO_8859_1));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine();
      if (line == null || !line.matches("HTTP/1\\.[01] \\d{3}.*")) {
        throw new IOException("no answer of HTTP/1.1");
      }
      return Integer.parseInt(line.substring(9, 12));
    }
  }

  private static Socket connect(URI address) throws IOException {
    boolean secure = "https".equals(address.getScheme());
    int port = address.getPort() >= 0 ? address.getPort() : secure ? HTTPS : HTTP;
    String host = address.getHost().replaceAll("[\\[\\]]", "");
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(MAX_WAIT_MILLIS);
      socket.connect(new InetSocketAddress(host, port), MAX_WAIT_MILLIS);
      if (!secure) {
        return socket;
      }
      SSLSocket tls =
          (SSLSocket) PublicDoor.trust().getSocketFactory().createSocket(socket, host, port, true);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
      return tls;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static String head(CheckOptions options, long length) {
    String token = options.token();
    return "POST "
        + options.contextPath()
        + "/create HTTP/1.1\r\nHost: "
        + options.address().getAuthority()
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\nExpect: 100-continue\r\n"
        + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
        + "Connection: close\r\n\r\n";
  }
}
