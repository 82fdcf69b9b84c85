package org.lading.estimate;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lading.error.ErrorCode;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestObserver;
import org.lading.manifest.names.SimilarNames;

/** Collects the faults of a request, what would be left out, and similar names. For one thread. */
final class EstimateFindings implements ManifestObserver {
  /** The faults of single things, after which the others are looked at. */
  private static final Set<ErrorCode> SINGLE =
      EnumSet.of(
          ErrorCode.MISSING_OR_INVALID_TARGET,
          ErrorCode.INVALID_NAME,
          ErrorCode.INVALID_ROOT,
          ErrorCode.UNREADABLE);

  /** Without repetitions: a listing that begins again tells its faults once more. */
  private final Set<Failure> faults = new LinkedHashSet<>();

  private final List<Failure> omitted = new ArrayList<>();
  private final SimilarNames similar = new SimilarNames();
  private boolean isWhole;
  private long archived;

  /** Thrown where there are so many faults that no more are looked for. */
  static final class EnoughFaultsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughFaultsException() {
      super("there are more faults than are told", null, false, false);
    }
  }

  /** Begins with the faults that were found when the request was read. */
  EstimateFindings(List<Failure> faults) {
    this.isWhole = faults.size() <= Estimate.MAX_FAULTS;
    faults.stream().limit(Estimate.MAX_FAULTS).forEach(this.faults::add);
  }

  @Override
  public void fault(LadingException fault) {
    if (SINGLE.contains(fault.code())) {
      archived += add(fault) && fault.isArchived() ? 1 : 0;
    } else if (fault.code() != ErrorCode.EMPTY || faults.isEmpty()) {
      throw fault;
    }
  }

  /** Takes the fault that has ended the search. */
  void last(LadingException fault) {
    isWhole = fault.code() == ErrorCode.EMPTY;
    if (faults.size() < Estimate.MAX_FAULTS) {
      faults.add(fault.failure());
    }
  }

  private boolean add(LadingException fault) {
    if (faults.size() == Estimate.MAX_FAULTS && !faults.contains(fault.failure())) {
      isWhole = false;
      throw new EnoughFaultsException();
    }
    return faults.add(fault.failure());
  }

  @Override
  public void omitted(LadingException why) {
    archived += why.isArchived() ? 1 : 0;
    if (omitted.size() < Estimate.MAX_LISTED) {
      omitted.add(why.failure());
    }
  }

  @Override
  public void named(String name) {
    similar.add(name);
  }

  List<Failure> faults() {
    return List.copyOf(faults);
  }

  boolean isWhole() {
    return isWhole;
  }

  long archived() {
    return archived;
  }

  List<Failure> omitted() {
    return omitted;
  }

  Estimate.Similar similar() {
    return new Estimate.Similar(similar.count(), similar.first(), similar.isComplete());
  }
}
