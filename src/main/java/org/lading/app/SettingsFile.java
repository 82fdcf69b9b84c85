package org.lading.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lading.config.Configuration;
import org.lading.config.ConfigurationException;
import org.lading.config.ConfigurationLoader;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.health.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what serves follow the settings file: starts the application, and takes changed settings
 * without a restart. Those with faults change nothing.
 */
final class SettingsFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SettingsFile.class);

  private final Path file;
  private final Generations generations;
  private final LastingParts lasting;
  private final StartPauses pauses;
  private final Consumer<LadingException> refusal;
  private final SettingsWatch watch;
  private volatile @Nullable ApplicationStart start;

  /** Settings without faults that cannot be taken yet, or null. */
  private @Nullable Configuration waiting;

  /**
   * Makes one that has read the file only to notice when it changes.
   *
   * @param generations is closed with it
   * @param refusal takes the failure that stands in the way of the application
   */
  SettingsFile(Path file, Generations generations, Consumer<LadingException> refusal) {
    this.file = file;
    this.generations = generations;
    this.lasting = generations.lasting();
    this.pauses = generations.surroundings().startPauses();
    this.refusal = refusal;
    this.watch = new SettingsWatch(file, this::changed, this::tick, pauses.look());
  }

  /** Begins to start the application, and to look at the file. */
  void begin() {
    load();
    watch.begin();
  }

  private void load() {
    Readiness readiness = lasting.readiness();
    try {
      Configuration configuration = ConfigurationLoader.load(file, System.getenv());
      readiness.tellReady(Readiness.Part.SETTINGS);
      ApplicationStart next =
          new ApplicationStart(() -> generations.serve(configuration, file), this::tell, pauses);
      start = next;
      next.begin();
    } catch (ConfigurationException e) {
      log.error("Not configured: {}", block(file, e.faults()));
      readiness.tell(Readiness.Part.SETTINGS, "The settings have faults");
      refusal.accept(
          new LadingException(
              ErrorCode.NOT_CONFIGURED,
              "The settings have faults: the log names them, as does java -jar downloads.war check"
                  + " FILE"));
    }
  }

  /** Has all requests, and who asks for the readiness, told why there is no application. */
  private void tell(StartFault fault) {
    LadingException failure = fault.failure();
    for (Readiness.Part part : List.of(Readiness.Part.DATABASE, Readiness.Part.STORAGE)) {
      boolean isMissing = part.word().equals(fault.part());
      lasting.readiness().tell(part, isMissing ? failure.sentence() : Readiness.NOT_THERE);
    }
    refusal.accept(failure);
  }

  /** Returns the faults of a file as one block for the log. */
  private static String block(Path file, List<String> faults) {
    String line = System.lineSeparator() + "  ";
    return file + line + String.join(line, faults);
  }

  private void changed() {
    waiting = null;
    if (!generations.isServing()) {
      log.info("{} has changed: the start begins again", file);
      ApplicationStart before = start;
      if (before != null) {
        before.close();
      }
    }
    if (generations.isServing()) {
      reload();
    } else {
      load();
    }
  }

  private void reload() {
    try {
      Configuration next = ConfigurationLoader.load(file, System.getenv());
      List<String> faults = generations.needRestart(next);
      if (faults.isEmpty()) {
        take(next, false);
      } else {
        refuse(faults.stream().map(fault -> file.getFileName() + ": " + fault).toList());
      }
    } catch (ConfigurationException e) {
      refuse(e.faults());
    }
  }

  private void take(Configuration next, boolean isRepeated) {
    try {
      generations.serve(next, file);
      waiting = null;
    } catch (RuntimeException e) {
      StartFault fault = StartFault.of(e);
      if (!isRepeated) {
        fault.log();
        lasting.settings().refused(List.of(fault.text()));
      }
      waiting = fault.isFinal() ? null : next;
    }
  }

  private void refuse(List<String> faults) {
    log.error("Changed settings are not taken: {}", block(file, faults));
    lasting.settings().refused(faults);
  }

  private void tick() {
    Configuration next = waiting;
    if (next != null) {
      take(next, true);
    }
    generations.closeIdle();
  }

  /** Waits as {@link Generations#drain}. */
  void drain(Duration unlessSet) {
    generations.drain(unlessSet);
  }

  /** Looks no more, and stops what serves. */
  @Override
  public void close() {
    watch.close();
    ApplicationStart begun = start;
    if (begun != null) {
      begun.close();
    }
    generations.close();
  }
}
