package org.lading.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a web application can leave behind in its process, as Linux and the JVM tell it. */
public final class Traces {
  private static final Path THIS_PROCESS = Path.of("/proc/self");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 50;

  // Fields of a line of /proc/net/tcp, and two of the states in it.
  private static final int REMOTE_ADDRESS = 2;
  private static final int STATE = 3;
  private static final Set<String> OPEN = Set.of("01", "08");

  private Traces() {}

  /** Every thread that runs. */
  public static Set<Thread> threads() {
    return Set.copyOf(Thread.getAllStackTraces().keySet());
  }

  /** Threads that wait in Lading's own code, for the next line or look. */
  private static final Set<String> WAITING = Set.of("lading-audit", "lading-settings");

  /** Lading's threads that are not merely waiting for work, by their names. */
  public static List<String> readersAtWork() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("lading-"))
        .filter(thread -> !WAITING.contains(thread.getKey().getName()))
        .filter(thread -> Stream.of(thread.getValue()).anyMatch(Traces::isLadings))
        .map(thread -> thread.getKey().getName())
        .toList();
  }

  /** Threads that run classes of a loader, if it is still there, or work in its name. */
  public static List<Thread> threadsOf(WeakReference<ClassLoader> reference) {
    ClassLoader loader = reference.get();
    return threads().stream()
        .filter(thread -> loader != null)
        .filter(
            thread ->
                thread.getContextClassLoader() == loader
                    || thread.getClass().getClassLoader() == loader)
        .toList();
  }

  /** The number of connections, open or half open, that lead to a port of this machine. */
  public static long connectionsTo(int port) {
    String suffix = ":%04X".formatted(port);
    return Stream.of("net/tcp", "net/tcp6")
        .flatMap(table -> lines(THIS_PROCESS.resolve(table)))
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[REMOTE_ADDRESS].endsWith(suffix) && OPEN.contains(fields[STATE]))
        .count();
  }

  /** The files below a directory, or deleted from it, that this process has open. */
  public static List<String> openFilesBelow(Path directory) {
    String prefix = directory.toAbsolutePath() + "/";
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(THIS_PROCESS.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        String target = target(descriptor);
        if (target.startsWith(prefix)) {
          open.add(target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open;
  }

  /** The management beans of everything but the container. */
  public static Set<String> managementBeans() {
    return ManagementFactory.getPlatformMBeanServer().queryNames(null, null).stream()
        .map(Object::toString)
        .filter(name -> !name.startsWith("Catalina:") && !name.startsWith("Tomcat:"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether nothing reaches the object any more; asks the garbage collector for some time.
   *
   * @param meanwhile what else may make something let go of it
   */
  public static boolean isCollected(WeakReference<?> reference, Runnable meanwhile) {
    eventually(
        () -> {
          meanwhile.run();
          System.gc();
          return reference.get() == null;
        },
        collected -> collected);
    return reference.get() == null;
  }

  /** What the supplier answers once the condition holds; its last answer if that takes too long. */
  public static <T> T eventually(Supplier<T> supplier, Predicate<T> condition) {
    return within(PATIENCE, supplier, condition);
  }

  /** As above, with more or less patience. */
  public static <T> T within(Duration patience, Supplier<T> supplier, Predicate<T> condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      T answer = supplier.get();
      if (condition.test(answer) || System.nanoTime() > end) {
        return answer;
      }
      pause();
    }
  }

  /** As {@link #within}; fails, with the last answer, if the condition does not come to hold. */
  public static <T> T awaited(Duration patience, Supplier<T> supplier, Predicate<T> condition) {
    T answer = within(patience, supplier, condition);
    if (!condition.test(answer)) {
      throw new AssertionError("after " + patience + ": " + answer);
    }
    return answer;
  }

  /** As above, with the usual patience. */
  public static <T> T awaited(Supplier<T> supplier, Predicate<T> condition) {
    return awaited(PATIENCE, supplier, condition);
  }

  private static boolean isLadings(StackTraceElement frame) {
    return frame.getClassName().startsWith("org.lading.");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A descriptor may be closed, as the one of this listing is, before it is asked. */
  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static Stream<String> lines(Path table) {
    try {
      return Files.exists(table) ? Files.readAllLines(table).stream().skip(1) : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
