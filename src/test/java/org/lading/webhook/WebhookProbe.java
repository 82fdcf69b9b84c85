package org.lading.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.Security;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A main program that sends a request to each address that it reads, and says what came of it. */
public final class WebhookProbe {
  private WebhookProbe() {}

  /** Reads addresses until there are no more; each answer is a line. */
  public static void main(String[] arguments) throws IOException {
    // Java keeps what it has looked up for some seconds otherwise.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    ExecutorService threads = Executors.newCachedThreadPool();
    WebhookClient client = new WebhookClient(threads);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String url = in.readLine(); url != null; url = in.readLine()) {
      System.out.println(result(client, Objects.requireNonNull(WebhookAddress.parse(url))));
    }
    threads.shutdown();
  }

  private static String result(WebhookClient client, WebhookAddress address) {
    try {
      return "status " + client.post(address, Map.of(), new byte[0]).status();
    } catch (ReceiverAddresses.RefusedException e) {
      return "refused: " + e.getMessage();
    } catch (IOException e) {
      return "failed: " + e;
    }
  }
}
