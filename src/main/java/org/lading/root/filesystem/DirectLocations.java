package org.lading.root.filesystem;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.root.LocationGuard;
import org.lading.root.LocationWriter;
import org.lading.root.PercentEncoding;

/** Writes {@code /internal/roots/<root>/<encoded path>}, which nginx reads in the root itself. */
final class DirectLocations implements LocationWriter {
  private static final String PREFIX = "/internal/roots/";

  private final String root;
  private final ByteBuilder path = new ByteBuilder(1024);

  DirectLocations(String root) {
    this.root = root;
  }

  @Override
  public void append(String key, ByteBuilder line) {
    path.truncate(0);
    path.append(RelativePath.ofKey(key).bytes());
    line.append(PREFIX).append(root).append('/');
    PercentEncoding.appendPath(path, 0, line);
  }

  @Override
  public void appendGuard(long size, Instant modified, @Nullable String version, ByteBuilder line) {
    LocationGuard.appendFile(size, modified, line);
  }
}
