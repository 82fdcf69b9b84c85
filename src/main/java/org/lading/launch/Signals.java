package org.lading.launch;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of the operating system. A hook of the JVM's shutdown would not do: the JDK's logging
 * ends while hooks run, and a second signal is not heard.
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Has a signal handled, each time on a thread of its own.
   *
   * @param name as {@code TERM}
   */
  static void handle(String name, Consumer<String> handler) {
    try {
      // By name, since javac has a warning for this class that cannot be turned off.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlers},
              (self, method, arguments) -> {
                handler.accept(name);
                return null;
              });
      signal
          .getMethod("handle", signal, handlers)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      // The JVM was started with -Xrs, or has no module jdk.unsupported.
      log.warn("SIG{} is not handled by Lading: {}", name, String.valueOf(e.getCause()));
    }
  }
}
