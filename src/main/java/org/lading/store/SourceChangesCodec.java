package org.lading.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.SourceChanges;

/** Encodes changes of sources for the database, and decodes them: count, number of names, names. */
final class SourceChangesCodec {
  private static final int USUAL_LENGTH = 256;

  private SourceChangesCodec() {}

  static byte[] encode(SourceChanges changes) {
    RecordOutput out = new RecordOutput(USUAL_LENGTH);
    out.writeNumber(changes.count());
    out.writeNumber(changes.names().size());
    changes.names().forEach(out::writeText);
    return out.finish();
  }

  static @Nullable SourceChanges decode(byte @Nullable [] stored) {
    if (stored == null) {
      return null;
    }
    RecordInput in = new RecordInput(stored, 0);
    long count = in.readNumber();
    long size = in.readNumber();
    List<String> names = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      names.add(in.readText());
    }
    return new SourceChanges(count, names);
  }
}
