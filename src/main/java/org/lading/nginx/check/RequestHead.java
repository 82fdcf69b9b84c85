package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Sends the head of a request to a server at any of its addresses, without its name's lookup. */
final class RequestHead {
  private static final int MAX_WAIT_MILLIS = 20_000;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private RequestHead() {}

  /**
   * Sends the head of a request, and returns the status of the answer.
   *
   * @param server the scheme, the name for TLS, and the port
   * @param address where the server is asked
   */
  static int send(URI server, InetAddress address, String head) throws IOException {
    try (Socket socket = connect(server, address)) {
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine();
      if (line == null || !line.matches("HTTP/1\\.[01] \\d{3}.*")) {
        throw new IOException("no answer of HTTP/1.1");
      }
      return Integer.parseInt(line.substring(9, 12));
    }
  }

  private static Socket connect(URI server, InetAddress address) throws IOException {
    boolean secure = "https".equals(server.getScheme());
    int port = server.getPort() >= 0 ? server.getPort() : secure ? HTTPS : HTTP;
    String host = server.getHost().replaceAll("[\\[\\]]", "");
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(MAX_WAIT_MILLIS);
      socket.connect(new InetSocketAddress(address, port), MAX_WAIT_MILLIS);
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
}
