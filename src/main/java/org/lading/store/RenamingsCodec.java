package org.lading.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.manifest.Renaming;
import org.lading.manifest.Renamings;

/**
 * Encodes renamed names for the database, and decodes them: the number of all, the number of the
 * listed ones, and of each of these the index of its target, the name of its reason, and both
 * names. The form is bytes, as that of {@link FailureCodec}.
 */
final class RenamingsCodec {
  private static final int USUAL_LENGTH = 256;

  private RenamingsCodec() {}

  /** Encodes renamed names; null if there are none. */
  static byte @Nullable [] encode(Renamings renamed) {
    if (renamed.count() == 0) {
      return null;
    }
    RecordOutput out = new RecordOutput(USUAL_LENGTH);
    out.writeNumber(renamed.count());
    out.writeNumber(renamed.first().size());
    for (Renaming one : renamed.first()) {
      out.writeNumber(one.targetIndex());
      out.writeText(one.reason().name());
      out.writeText(one.from());
      out.writeText(one.to());
    }
    return out.finish();
  }

  static Renamings decode(byte @Nullable [] stored) {
    if (stored == null) {
      return Renamings.NONE;
    }
    RecordInput in = new RecordInput(stored, 0);
    long count = in.readNumber();
    long listed = in.readNumber();
    List<Renaming> first = new ArrayList<>();
    for (long i = 0; i < listed; i++) {
      int target = (int) in.readNumber();
      Renaming.Reason reason = Renaming.Reason.valueOf(in.readText());
      first.add(new Renaming(target, in.readText(), in.readText(), reason));
    }
    return new Renamings(count, first);
  }
}
