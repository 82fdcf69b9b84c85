package org.lading.root.s3.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the keys of a bucket in their order, with several calls under way at once.
 *
 * <p><b>Why.</b> S3 lists 1,000 keys a call, and the call for a page needs the last key of the page
 * before: a bucket that answers in 50 ms takes 50 ms for each thousand keys, however fast both
 * sides are. But a listing may begin after any text. So {@link SplitPredictor} predicts keys at
 * which later pages may begin, and those pages are requested meanwhile.
 *
 * <p><b>Invariant.</b> Order and completeness never depend on a prediction. The ranges are
 * adjacent: each has the keys after one key, up to and including another, after which the next
 * range begins. The keys of a page beyond its range are dropped; a page that ends before the end of
 * its range leaves a gap, which becomes a range of its own. So each key is handed over once,
 * wherever ranges are split. What a store answers for a predicted key counts only if it has keys,
 * and if it begins with the key that the page before, which goes on beyond its range, has next: a
 * store that lists in another order than that of bytes, and begins a page where that order has it,
 * would leave keys out between two ranges. Otherwise the listing goes on page after page.
 *
 * <p><b>Danger.</b> A wrong prediction wastes a call, which costs money and load: {@link
 * SpeculationBudget} limits these. A store that ignores {@code start-after} would be listed many
 * times: {@link ListingCalls#page} must detect it. Pages that wait for one before them occupy
 * memory: at most {@code maxPages} are held or under way.
 *
 * <p><b>Measured.</b> In a simulation where each call takes one round: the 14 key shapes of
 * PrefetchingListingTest (100,000 keys each, 16 calls at once) take 158 rounds and 1,761 calls in
 * sum, page after page 1,400 of each; three large ones (32 calls at once: 400,000 keys in
 * directories of 100, a tree of 400,000, and 200,000 hashes beside directories) 100 rounds and
 * 1,278 calls, page after page 1,000 of each. The comments of the constants, here and in the other
 * classes, give both sums for other values.
 *
 * <p>For one thread, which also calls the sink; the calls run on others.
 */
public final class PrefetchingListing {
  private static final Logger log = LoggerFactory.getLogger(PrefetchingListing.class);

  /**
   * No more pages are requested once {@code maxPages / NEAR_DIVISOR} of them wait for the sink. 4:
   * a quarter more pages are held for a slow sink, and the listing takes a seventh less time; 16:
   * an eighth fewer pages, a seventh more time. With a fast sink, rounds and calls stay within 2 %.
   */
  private static final int NEAR_DIVISOR = 8;

  /**
   * The share of {@code maxPages} up to which ranges are split that are not near; the rest is for
   * gaps and guesses among the near ones, which all others wait for. 0.375: 168 rounds, 1,751
   * calls, large 114 and 1,296; 1: 154 and 1,767, but a third more rounds for a tree of 1,000,000
   * keys.
   */
  private static final double FAR_SHARE = 0.75;

  /** The maximum time for which the sink is not called while the listing waits. */
  private static final long MAX_SILENT_MILLIS = 500;

  private final ListingCalls calls;
  private final Executor threads;
  private final Semaphore permits;
  private final int maxPages;
  private final int nearRanges;
  private final boolean isRecursive;
  private final SplitPredictor predictor;
  private final BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
  private final List<FutureTask<ListedPage>> running = new ArrayList<>();
  private final List<KeyRange> ranges = new ArrayList<>();
  private final SpeculationBudget budget = new SpeculationBudget();

  /** Whether no more keys are predicted, because a call failed or a page contradicts another. */
  private boolean isSequential;

  /**
   * Makes a listing of all keys that begin with {@code directory}.
   *
   * @param isRecursive whether the calls list keys of any depth, so that directories in the
   *     directory are possible split positions
   * @param threads runs each call at once
   * @param permits has a permit for each call, of all listings, that may be under way beside the
   *     one for the first range of each listing
   * @param maxPages the maximum number of pages that are held or under way
   */
  public PrefetchingListing(
      String directory,
      boolean isRecursive,
      ListingCalls calls,
      Executor threads,
      Semaphore permits,
      int maxPages) {
    this.calls = calls;
    this.threads = threads;
    this.permits = permits;
    this.maxPages = maxPages;
    this.nearRanges = Math.max(1, maxPages / NEAR_DIVISOR);
    this.isRecursive = isRecursive;
    this.predictor = new SplitPredictor(directory);
  }

  /**
   * Hands all pages to the sink; throws the exception of a failed call, after the pages before it
   * were handed over, but a {@link KeyOrderException} at once; and {@link EndlessListingException}.
   * An exception of the sink ends the listing.
   */
  public void run(PageSink sink) throws InterruptedException {
    ranges.add(new KeyRange("", null, null));
    boolean isDone = false;
    try {
      while (!ranges.isEmpty()) {
        KeyRange first = ranges.get(0);
        ListedPage page = first.page();
        if (page != null && !isFollowedByUnansweredGuess()) {
          sink.accept(removeFirst(first, page));
        } else {
          if (!first.isRequested) {
            request(first, () -> {});
          }
          prefetch();
          awaitAnswer(sink).run();
        }
        handleAnswers();
        prefetch();
      }
      isDone = true;
    } finally {
      if (!isDone) {
        running.forEach(call -> call.cancel(true));
      }
    }
  }

  private Runnable awaitAnswer(PageSink sink) throws InterruptedException {
    while (true) {
      Runnable answer = answers.poll(MAX_SILENT_MILLIS, TimeUnit.MILLISECONDS);
      if (answer != null) {
        return answer;
      }
      sink.waiting();
    }
  }

  /**
   * Removes the first range, with all others if the second one contradicts it; returns its page.
   */
  private ListedPage removeFirst(KeyRange first, ListedPage page) {
    ranges.remove(0);
    String until = first.until;
    String next = until == null ? null : page.firstAfter(until);
    if (until == null || next == null || next.equals(firstKeyAfter(until))) {
      return page.upTo(until);
    }
    log.debug("A page that was to begin with another one's key does not; no more are guessed");
    isSequential = true;
    ranges.clear();
    first.until = null;
    ranges.add(first.rest(page));
    return page;
  }

  private @Nullable String firstKeyAfter(String until) {
    ListedPage second = ranges.isEmpty() ? null : ranges.get(0).pageOrNull();
    return second == null ? null : second.firstAfter(until);
  }

  /**
   * Tells whether the first range is followed by a guess without an answer, whose keys it gets back
   * if that fails.
   */
  private boolean isFollowedByUnansweredGuess() {
    return ranges.size() > 1 && ranges.get(1).isUnansweredGuess();
  }

  private void handleAnswers() {
    for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.run();
    }
  }

  private void prefetch() {
    requestGaps();
    requestGuesses();
  }

  /** Tells whether enough pages wait for the sink, so that more would only occupy memory. */
  private boolean hasEnoughPages() {
    return ranges.size() > nearRanges
        && ranges.stream().limit(nearRanges).allMatch(range -> range.pageOrNull() != null);
  }

  /** Requests the gaps, before any guess, since the pages after a gap wait for it. */
  private void requestGaps() {
    if (hasEnoughPages()) {
      return;
    }
    for (int i = 1; i < Math.min(ranges.size(), maxPages); i++) {
      KeyRange gap = ranges.get(i);
      if (!gap.isRequested && permits.tryAcquire()) {
        request(gap, permits::release);
      }
    }
  }

  /** Splits ranges at predicted keys and requests these, in the order of the keys. */
  private void requestGuesses() {
    if (hasEnoughPages()) {
      return;
    }
    for (int i = 0; i < ranges.size() && ranges.size() < maxRanges(i); i++) {
      KeyRange range = ranges.get(i);
      if (range.isSplittable()) {
        String known = firstKeyAfter(i);
        String split =
            predictor.predict(
                range.after, range.until, range.hasCertainStart(), known, budget.isScarce());
        if (split != null && !guess(range, split)) {
          return;
        }
      }
    }
  }

  private @Nullable String firstKeyAfter(int at) {
    ListedPage next = at + 1 < ranges.size() ? ranges.get(at + 1).pageOrNull() : null;
    return next == null || next.objects().isEmpty() ? null : next.objects().get(0).key();
  }

  /** Returns the maximum number of ranges up to which the one at an index may be split. */
  private double maxRanges(int at) {
    return at < nearRanges ? maxPages : maxPages * FAR_SHARE;
  }

  private boolean guess(KeyRange range, String split) {
    if (!mayGuess() || !permits.tryAcquire()) {
      return false;
    }
    KeyRange guessed = new KeyRange(split, null, range.until);
    guessed.isGuess = true;
    budget.beginGuess();
    range.until = split;
    range.isSplit = true;
    ranges.add(ranges.indexOf(range) + 1, guessed);
    request(guessed, permits::release);
    return true;
  }

  private boolean mayGuess() {
    return !isSequential && budget.allowsCall();
  }

  private void request(KeyRange range, Runnable release) {
    range.isRequested = true;
    start(() -> calls.page(range.after, range.token), release, answer -> handle(range, answer));
  }

  private void start(
      Callable<ListedPage> request, Runnable release, Consumer<Future<ListedPage>> handler) {
    FutureTask<ListedPage> call =
        new FutureTask<>(request) {
          @Override
          protected void done() {
            release.run();
            answers.add(() -> handler.accept(this));
          }
        };
    running.removeIf(FutureTask::isDone);
    running.add(call);
    try {
      threads.execute(call);
    } catch (RuntimeException e) {
      call.cancel(false);
      throw e;
    }
  }

  private void handle(KeyRange range, Future<ListedPage> answer) {
    if (range.isGuess) {
      budget.endGuess();
    }
    if (!ranges.contains(range)) {
      count(range, 0);
      return;
    }
    ListedPage page = range.complete(answer);
    isSequential |= page == null;
    if (range.isGuess && (page == null || page.isEmpty())) {
      mergeIntoPrevious(range);
    } else if (page != null) {
      accept(range, page);
    }
  }

  private void mergeIntoPrevious(KeyRange guess) {
    count(guess, 0);
    int at = ranges.indexOf(guess);
    KeyRange previous = ranges.get(at - 1);
    ranges.remove(at);
    previous.until = guess.until;
    ListedPage page = previous.pageOrNull();
    if (page != null && page.token() != null) {
      addGap(previous, page);
    }
  }

  private void accept(KeyRange range, ListedPage page) {
    range.requireProgress(page);
    if (page.token() == null) {
      range.until = null;
      ranges.subList(ranges.indexOf(range) + 1, ranges.size()).clear();
      return;
    }
    if (!addGap(range, page)) {
      removeCovered(range, page.lastKey(range.after));
    }
    requestGaps();
    observe(range.after, page);
    count(range, page.upTo(range.until));
  }

  private boolean addGap(KeyRange range, ListedPage page) {
    String lastKey = page.lastKey(range.after);
    boolean isGap = isBefore(lastKey, range.until);
    if (isGap) {
      ranges.add(ranges.indexOf(range) + 1, range.rest(page));
      range.until = lastKey;
    }
    return isGap;
  }

  /** Removes the ranges without an answer whose keys this page has already. */
  private void removeCovered(KeyRange range, String lastKey) {
    int next = ranges.indexOf(range) + 1;
    while (next < ranges.size() && ranges.get(next).isCoveredBy(lastKey)) {
      range.until = ranges.remove(next).until;
    }
  }

  private void count(KeyRange range, ListedPage used) {
    double size = Math.max(1, predictor.pageSize());
    count(range, Math.min(1, (used.objects().size() + used.prefixes().size()) / size));
  }

  private void count(KeyRange range, double share) {
    budget.countCall(share);
    if (range.isGuess && share == 0) {
      predictor.observeMiss(range.after);
    }
  }

  private void observe(String after, ListedPage page) {
    List<DirectoryStatistics> wanted = predictor.observePage(after, page.objects());
    if (isRecursive) {
      wanted.forEach(directory -> requestChildren(directory, page.lastKey("")));
    }
  }

  private void requestChildren(DirectoryStatistics directory, String after) {
    if (!directory.needsChildren(after) || !mayGuess() || !permits.tryAcquire()) {
      return;
    }
    DirectoryStatistics.ChildrenRequest request = directory.requestChildren(after);
    budget.countCall(0);
    start(
        () -> calls.children(directory.name(), request.after(), request.token()),
        permits::release,
        answer -> observe(directory, after, answer));
  }

  private void observe(DirectoryStatistics directory, String after, Future<ListedPage> answer) {
    try {
      directory.observeChildren(answer.get());
      if (directory.isAmongFiles()) {
        requestChildren(directory, after);
      }
    } catch (ExecutionException | CancellationException e) {
      // The listing goes on without them; a lasting failure will fail its own calls as well.
      log.debug("The directories in a directory could not be listed", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("a call that is done cannot be waited for", e);
    }
  }

  private static boolean isBefore(String key, @Nullable String until) {
    return until == null || KeyOrder.BYTES.compare(key, until) < 0;
  }
}
