package org.lading.app;

import java.nio.file.Path;
import org.lading.metrics.Metrics;
import org.lading.root.Root;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;
import org.lading.root.watch.RootWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the roots of a configuration, each step on which is watched.
 *
 * @param storage the directory into which the library for files is unpacked
 * @param metrics counts the calls to S3
 */
record RootOpener(Path storage, RootWatch watch, Surroundings surroundings, Metrics metrics) {
  private static final Logger log = LoggerFactory.getLogger(RootOpener.class);

  Root open(RootSettings settings) {
    settings.warnings().forEach(warning -> log.warn("Root {}: {}", settings.name(), warning));
    return watch.watched(surroundings.roots().apply(unwatched(settings)));
  }

  private Root unwatched(RootSettings settings) {
    if (settings instanceof FilesystemRootSettings directory) {
      FilesystemRoot.loadLibrary(storage.resolve("library"));
      return new FilesystemRoot(directory);
    }
    return new S3Root((S3RootSettings) settings, metrics::calledS3);
  }
}
