package org.lading.manifest;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.checksum.ChecksumLedger;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.Root;
import org.lading.root.Roots;

/** Turns targets into entries, and checks later whether the sources of entries changed. */
public final class ManifestService {
  private final Roots roots;
  private final StoredContents contents;
  private final ManifestSettings settings;
  private final ChecksumLedger ledger;
  private final ExecutorService lookupThreads;
  private final Clock clock;

  /**
   * Makes a service over the given roots.
   *
   * @param ledger gives the entries' checksums that are known
   * @param lookupThreads has the threads that request checksums from stores
   * @param clock gives literals their modification time
   */
  public ManifestService(
      Roots roots,
      StoredContents contents,
      ManifestSettings settings,
      ChecksumLedger ledger,
      ExecutorService lookupThreads,
      Clock clock) {
    this.roots = roots;
    this.contents = contents;
    this.settings = settings;
    this.ledger = ledger;
    this.lookupThreads = lookupThreads;
    this.clock = clock;
  }

  /**
   * Hands the entries of a request to the sink in the order of its targets, as they are found.
   * Links and literals are written on the way; on a failure the caller removes them, with {@link
   * StoredFiles#delete} or with the entries.
   *
   * @param attempt sets its links and literals apart from those of other attempts at the same id
   * @param steps takes the number of steps since its last call, as {@link
   *     org.lading.root.ItemSink#count}; each target is one too. What it throws ends the work
   * @return what was found beside the entries
   * @throws LadingException with the target's index and path where one is at fault; {@code EMPTY}
   *     if the targets have no entries, unless the settings have such archives
   */
  public ManifestFindings make(
      String id, int attempt, ManifestRequest request, Consumer<Entry> sink, IntConsumer steps) {
    ChecksumFinder checksums = checksums(ChecksumFinder.Sources.USED, sink, steps);
    return make(request, contents.writer(id, attempt), checksums, ManifestObserver.NONE, steps);
  }

  /**
   * Hands over the entries that {@link #make} would make now, and writes nothing: links and
   * literals have no files, and CRC-32s that would be requested or read are {@link
   * ChecksumFinder#ASSUMED_CRC32}.
   *
   * @param observer is told what is found beside the entries, and decides about faults
   * @return what was found beside the entries, and what would be done for CRC-32s
   */
  public ManifestEstimate estimate(
      ManifestRequest request, Consumer<Entry> sink, ManifestObserver observer, IntConsumer steps) {
    ChecksumFinder checksums = checksums(ChecksumFinder.Sources.COUNTED, sink, steps);
    ManifestFindings findings = make(request, ContentWriter.NOTHING, checksums, observer, steps);
    return new ManifestEstimate(findings, checksums.spent());
  }

  private ChecksumFinder checksums(
      ChecksumFinder.Sources sources, Consumer<Entry> sink, IntConsumer steps) {
    return new ChecksumFinder(
        ledger, lookupThreads, settings.checksumBudget(), sources, sink, steps);
  }

  private ManifestFindings make(
      ManifestRequest request,
      ContentWriter files,
      ChecksumFinder checksums,
      ManifestObserver observer,
      IntConsumer steps) {
    EntryMaker made = new EntryMaker(settings, files, checksums, observer, clock);
    ManifestBuilder builder = new ManifestBuilder(roots, request, made, observer, steps, clock);
    builder.addAll(request.targets());
    files.finish();
    checksums.finish();
    if (builder.isEmpty() && !settings.emptyArchives()) {
      observer.fault(
          new LadingException(ErrorCode.EMPTY, "The targets leave nothing to put in an archive"));
    }
    return builder.findings();
  }

  /**
   * Returns the sources that have another size or time than their entries, or null if all are the
   * same.
   *
   * @param isFirstEnough whether one of them is enough
   */
  public @Nullable SourceChanges changes(Iterator<Entry> entries, boolean isFirstEnough) {
    List<String> names = new ArrayList<>();
    long count = 0;
    try (EntryChangeCheck check = new EntryChangeCheck(roots)) {
      while (entries.hasNext() && !(isFirstEnough && count > 0)) {
        Entry entry = entries.next();
        if (!check.isUnchanged(entry)) {
          count++;
          if (names.size() < SourceChanges.MAX_NAMES) {
            names.add(entry.name());
          }
        }
      }
    }
    return count == 0 ? null : new SourceChanges(count, names);
  }

  /**
   * Returns whether {@link #changes} can find a change in entries that all lie in these roots; if
   * not, the entries need not be read for it.
   */
  public boolean canDetectChanges(Collection<String> rootNames) {
    for (String name : rootNames) {
      Root root = roots.find(name);
      if (root == null || !root.isRemote()) {
        return true;
      }
    }
    return false;
  }
}
