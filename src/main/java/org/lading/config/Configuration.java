package org.lading.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.root.RootSettings;

/**
 * Everything that a configuration file says, checked and with the defaults filled in.
 *
 * @param roots at least one, in the order of the file, names differing
 * @param storage absolute directory for literals and links, and for the embedded database
 * @param nginxUrl outside base URL without a trailing slash, to which the context path is appended;
 *     null: taken from each request
 * @param database where downloads are kept
 * @param assembler who makes the archive
 * @param modZipMaxEntries the most entries for which {@link Assembler#AUTO} chooses mod_zip
 * @param retentionDays days until a download is deleted
 * @param limits the most that one request may ask for
 * @param clients who may create
 * @param emptyDirectories whether empty directories become directory entries
 * @param createWait how long creating waits for a download to be ready, unless the client says
 * @param checksumBudget bytes of files that are read for their checksums when a download is created
 */
public record Configuration(
    List<RootSettings> roots,
    Path storage,
    @Nullable URI nginxUrl,
    DatabaseConfiguration database,
    Assembler assembler,
    int modZipMaxEntries,
    int retentionDays,
    LimitsConfiguration limits,
    ClientsConfiguration clients,
    boolean emptyDirectories,
    Duration createWait,
    long checksumBudget) {

  /** Copies the list. */
  public Configuration {
    roots = List.copyOf(roots);
  }
}
