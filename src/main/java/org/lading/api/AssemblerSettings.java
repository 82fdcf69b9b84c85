package org.lading.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.manifest.AssemblyPrediction;
import org.lading.manifest.AssemblyPrediction.Burden;
import org.lading.page.Texts;

/**
 * The setting that decides who makes the archive that a download URL leads to: mod_zip or Lading.
 *
 * @param assembler who makes the archive
 * @param modZipMaxEntries the maximum number of entries for which {@link Assembler#AUTO} chooses a
 *     mod_zip that keeps the buffers of all entries
 */
public record AssemblerSettings(Assembler assembler, int modZipMaxEntries) {
  /** The possible values of the setting. */
  public enum Assembler {
    /**
     * nginx's mod_zip if the request came through an nginx that has it and it takes hardly longer;
     * else Lading.
     */
    AUTO,
    /** nginx's mod_zip, always. */
    MOD_ZIP,
    /** Lading, always. */
    EMBEDDED
  }

  /**
   * Who makes the archive for a client.
   *
   * @param isModZip whether it is mod_zip, and not Lading
   * @param reason the key of the words that tell why
   * @param arguments the numbers in these words
   */
  public record Choice(boolean isModZip, String reason, List<Object> arguments) {
    Choice(boolean isModZip, String reason, Object... arguments) {
      this(isModZip, reason, List.of(arguments));
    }

    /** Copies the list. */
    public Choice {
      arguments = List.copyOf(arguments);
    }

    /** Returns why, in a few words of a language. */
    String reason(Texts texts) {
      return texts.text("assembler." + reason, arguments.toArray());
    }

    /** Returns why, in a few words of English for programs, with the apostrophe of ASCII. */
    String reasonInEnglish() {
      return reason(Texts.ENGLISH).replace('\u2019', '\'');
    }

    /** Returns the name of the one that makes the archive, as the setting spells it. */
    String name() {
      return isModZip ? "mod_zip" : "embedded";
    }

    /** Returns the exact length in bytes of the archive that it makes. */
    long length(Download.Totals totals) {
      return isModZip ? totals.modZipLength() : totals.archiveLength();
    }
  }

  /**
   * Chooses who makes the archive for a client. While the entries matter and are not known, Lading
   * makes it, whose archives can be of any size.
   */
  public Choice choice(ClientRoute route, Download download) {
    return choice(route, download.state() == Download.State.READY ? download.totals() : null);
  }

  /** As above, for an archive of entries with these totals, or null if they are not known. */
  Choice choice(ClientRoute route, Download.@Nullable Totals totals) {
    if (totals != null && totals.entries() == 0) {
      return new Choice(false, "burden.none");
    }
    return switch (assembler) {
      case MOD_ZIP -> new Choice(true, "setting");
      case EMBEDDED -> new Choice(false, "setting");
      case AUTO -> automatic(route, totals);
    };
  }

  private Choice automatic(ClientRoute route, Download.@Nullable Totals totals) {
    if (route.modZip() == ClientRoute.ModZip.ABSENT) {
      return new Choice(false, "absent");
    }
    if (totals == null) {
      return new Choice(false, "unknown");
    }
    if (route.modZip() == ClientRoute.ModZip.KEEPS_BUFFERS && totals.entries() > modZipMaxEntries) {
      return new Choice(false, "entries", modZipMaxEntries);
    }
    AssemblyPrediction prediction = totals.prediction();
    Burden burden = prediction.burden();
    return prediction.favoursModZip()
        ? new Choice(true, "favoured")
        : new Choice(false, "burden." + burden.kind().word(), burden.count(), burden.roots());
  }
}
