package org.lading.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the faults of one file, which are reported together. */
final class FaultCollector {
  private static final int NO_LINE = 0;

  private final String file;
  private final List<Fault> faults = new ArrayList<>();

  /** Makes an empty collector for the faults of a file. */
  FaultCollector(String file) {
    this.file = file;
  }

  /** Adds a fault of the whole file. */
  void add(String message) {
    faults.add(new Fault(NO_LINE, message));
  }

  /** Adds a fault at a line, counted from 1; a path is like {@code roots[1].bucket}, or empty. */
  void add(int line, String path, String message) {
    faults.add(new Fault(line, path.isEmpty() ? message : path + ": " + message));
  }

  /** Returns the faults in the order of their lines. */
  List<String> all() {
    return faults.stream()
        .sorted(Comparator.comparingInt(Fault::line))
        .map(fault -> fault.render(file))
        .distinct()
        .toList();
  }

  private record Fault(int line, String message) {
    String render(String file) {
      return line == NO_LINE ? file + ": " + message : file + ":" + line + ": " + message;
    }
  }
}
