package org.lading.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
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

  private static final List<Readiness.Part> NEEDED =
      List.of(Readiness.Part.DATABASE, Readiness.Part.STORAGE);

  private final Path file;
  private final Generations generations;
  private final LastingParts lasting;
  private final StartPauses pauses;
  private final Consumer<LadingException> refusal;
  private final SettingsWatch watch;
  private volatile @Nullable ApplicationStart start;

  /** The content of the file that was read last, and that of the settings that hold. */
  private byte[] read;

  private volatile byte[] holding = {};

  /** Whether what was read last is still to be taken. */
  private boolean isNew;

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
    this.read = watch.first();
  }

  /**
   * Begins to start the application, and to look at the file; waits for the first attempt, but not
   * for long.
   */
  void begin() {
    load();
    ApplicationStart begun = start;
    watch.begin();
    if (begun != null) {
      begun.awaitFirst();
    }
  }

  private void load() {
    Readiness readiness = lasting.readiness();
    try {
      Configuration configuration = ConfigurationLoader.load(file, System.getenv());
      readiness.tellReady(Readiness.Part.SETTINGS);
      refusal.accept(StartFault.starting("the application"));
      byte[] content = read;
      ApplicationStart next =
          new ApplicationStart(
              isGivenUp -> serve(configuration, content, isGivenUp), this::tell, pauses);
      start = next;
      next.begin();
    } catch (ConfigurationException e) {
      log.error("Not configured: {}", block(file, e.faults()));
      readiness.tell(Readiness.Part.SETTINGS, "The settings have faults");
      waitFor("settings without faults");
      refusal.accept(
          new LadingException(
              ErrorCode.NOT_CONFIGURED,
              "The settings have faults: the log names them, as does java -jar downloads.war check"
                  + " FILE"));
    }
  }

  private void serve(Configuration configuration, byte[] content, BooleanSupplier isGivenUp) {
    generations.serve(configuration, file, isGivenUp);
    holding = content;
  }

  /** Has all requests, and who asks for the readiness, told why there is no application. */
  private void tell(StartFault fault) {
    LadingException failure = fault.failure();
    waitFor(fault.part());
    for (Readiness.Part part : NEEDED) {
      if (part.word().equals(fault.part())) {
        lasting.readiness().tell(part, failure.sentence());
      }
    }
    refusal.accept(failure);
  }

  /** Tells of the parts that a node needs that nobody has looked at them yet. */
  private void waitFor(String missing) {
    NEEDED.forEach(
        part ->
            lasting
                .readiness()
                .tell(part, "It is not looked at yet: the start waits for " + missing));
  }

  /** Returns the faults of a file as one block for the log. */
  private static String block(Path file, List<String> faults) {
    String line = System.lineSeparator() + "  ";
    return file + line + String.join(line, faults);
  }

  private void changed(byte[] content) {
    waiting = null;
    read = content;
    if (generations.isServing() && Arrays.equals(content, holding)) {
      log.info("{} is again as it was when its settings were taken", file);
      lasting.settings().hold();
      return;
    }
    if (!generations.isServing()) {
      log.info("{} has changed: the start begins again", file);
      ApplicationStart before = start;
      if (before != null) {
        before.giveUp();
      }
    }
    isNew = true;
    takeNew();
  }

  /** Takes what was read last, as soon as nothing goes on of a start with what was there before. */
  private void takeNew() {
    ApplicationStart before = start;
    if (!isNew || (before != null && !before.isOver())) {
      return;
    }
    isNew = false;
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
      serve(next, read, () -> false);
      waiting = null;
    } catch (RuntimeException | Error e) {
      StartFault fault = StartFault.of(e);
      if (!isRepeated) {
        log.warn("Changed settings are not taken yet, and tried again: {}", fault.text());
        log.debug("The details", fault.thrown());
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
    takeNew();
    Configuration next = waiting;
    if (next != null) {
      take(next, true);
    }
    generations.closeIdle();
  }

  /** Waits as {@link Generations#drain}. */
  void drain(Duration unlessSet) {
    // What has begun with the settings of now would be broken off as that of earlier ones.
    watch.close();
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
