package org.lading.estimate;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.download.Download;
import org.lading.error.Failure;
import org.lading.manifest.ManifestEstimate;
import org.lading.manifest.names.SimilarName;

/**
 * What a create would do with a request.
 *
 * @param faults why it would fail; none if it would succeed
 * @param isWhole whether all faults are there, and not only the first ones
 * @param archived the number of objects that are in an archive, such as S3 Glacier
 * @param result what would be made; null if it would fail
 */
public record Estimate(
    List<Failure> faults, boolean isWhole, long archived, @Nullable Result result) {
  /** The maximum number of faults that are listed: then the search ends. */
  public static final int MAX_FAULTS = 100;

  /** The maximum number of things of one kind that are left out and listed. */
  static final int MAX_LISTED = 100;

  /** Copies the list. */
  public Estimate {
    faults = List.copyOf(faults);
  }

  /**
   * What a create would make.
   *
   * @param totals the totals of the entries; the fingerprint is another one than that of the create
   * @param manifest what would be found beside the entries, and done for CRC-32s
   * @param unknownChecksums the number of entries whose CRC-32 would not be known
   * @param omitted the first of those that would be left out, with the reasons
   * @param similar the names that differ only in case or in Unicode form
   * @param preparation the time that the preparation would take
   */
  public record Result(
      Download.Totals totals,
      ManifestEstimate manifest,
      long unknownChecksums,
      List<Failure> omitted,
      Similar similar,
      Duration preparation) {
    /** Copies the list. */
    public Result {
      omitted = List.copyOf(omitted);
    }
  }

  /**
   * The names that differ from an earlier one only in case or in Unicode form.
   *
   * @param count the number of all of them
   * @param first the first ones
   * @param isWhole whether all names were compared
   */
  public record Similar(long count, List<SimilarName> first, boolean isWhole) {
    /** Copies the list. */
    public Similar {
      first = List.copyOf(first);
    }
  }
}
