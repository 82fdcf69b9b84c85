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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk over a listing of a bucket, in order, which asks for pages ahead of the one that is due.
 *
 * <p>What is still to come is cut into segments that follow one another: each is behind one key, up
 * to another. A segment whose page ends too early leaves a gap, which is asked for as well; what a
 * page tells beyond its segment is thrown away. So wherever the cuts are guessed to be, each key
 * comes once; bad guesses only cost calls, and when they have cost too many no more are made.
 *
 * <p>For one thread, which also calls the sink; the calls run on others.
 */
public final class PrefetchingListing {
  private static final Logger log = LoggerFactory.getLogger(PrefetchingListing.class);

  /** The share of a page from which on it was worth a call. */
  private static final double GOOD = 0.5;

  /** So many segments hold up what is behind them, which would fill all room otherwise. */
  private static final int NEAR = 16;

  private static final double ROOM_FAR_AHEAD = 0.75;

  /** The part of all room that holds enough for a sink that is slower than the calls. */
  private static final int ENOUGH = 8;

  private final ListingCalls calls;
  private final Executor threads;
  private final Semaphore ahead;
  private final int mostSegments;
  private final boolean isTree;
  private final SplitPredictor cuts;
  private final BlockingQueue<Runnable> arrivals = new LinkedBlockingQueue<>();
  private final List<FutureTask<ListedPage>> underWay = new ArrayList<>();
  private final List<KeyRange> segments = new ArrayList<>();
  private final SpeculationBudget wasted = new SpeculationBudget();
  private boolean hasFailed;

  /**
   * A walk over all keys that begin with {@code directory}.
   *
   * @param isTree whether keys are listed however deep they lie, so that directories in the
   *     directory may serve as cuts
   * @param threads where the calls run, each at once
   * @param ahead has a permit for each call, over all walks, that may be under way beside the one
   *     that is due
   * @param most how many pages are kept, or under way, at most
   */
  public PrefetchingListing(
      String directory,
      boolean isTree,
      ListingCalls calls,
      Executor threads,
      Semaphore ahead,
      int most) {
    this.calls = calls;
    this.threads = threads;
    this.ahead = ahead;
    this.mostSegments = most;
    this.isTree = isTree;
    this.cuts = new SplitPredictor(directory);
  }

  /**
   * Hands all pages to the sink; throws what a call threw, when everything before it was handed
   * over.
   */
  public void run(Consumer<ListedPage> sink) throws InterruptedException {
    segments.add(new KeyRange("", null, null));
    boolean isDone = false;
    try {
      while (!segments.isEmpty()) {
        KeyRange first = segments.get(0);
        ListedPage page = first.page();
        if (page != null && !isFollowedByOpenGuess()) {
          segments.remove(0);
          sink.accept(page.upTo(first.until));
        } else {
          if (!first.isAsked) {
            ask(first, () -> {});
          }
          askAhead();
          arrivals.take().run();
        }
        settleArrivals();
        askAhead();
      }
      isDone = true;
    } finally {
      if (!isDone) {
        underWay.forEach(call -> call.cancel(true));
      }
    }
  }

  /** Should the guess turn out to be of no use, its keys are the first segment's again. */
  private boolean isFollowedByOpenGuess() {
    return segments.size() > 1 && segments.get(1).isOpenGuess();
  }

  private void settleArrivals() {
    for (Runnable arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
      arrival.run();
    }
  }

  private void askAhead() {
    askForGaps();
    guessAhead();
  }

  /** Whether so much waits for the sink that more would only take up room. */
  private boolean isFarAheadOfSink() {
    int enough = Math.max(1, mostSegments / ENOUGH);
    return segments.size() > enough
        && segments.stream().limit(enough).allMatch(segment -> segment.pageOrNull() != null);
  }

  /** First of all, since they hold up what is behind them. */
  private void askForGaps() {
    if (isFarAheadOfSink()) {
      return;
    }
    for (int i = 1; i < Math.min(segments.size(), mostSegments); i++) {
      KeyRange gap = segments.get(i);
      if (!gap.isAsked && ahead.tryAcquire()) {
        ask(gap, ahead::release);
      }
    }
  }

  /** The nearest first. */
  private void guessAhead() {
    if (isFarAheadOfSink()) {
      return;
    }
    int guessed = 0;
    for (int i = 0; i < segments.size() && segments.size() < room(i); i++) {
      KeyRange segment = segments.get(i);
      guessed = segment.isKnownToBegin() ? 0 : guessed + 1;
      if (segment.isGuessable()) {
        String known = firstKeyBehind(i);
        String cut = cuts.next(segment.after, segment.until, guessed, known, wasted.areScarce());
        if (cut != null && !guess(segment, cut)) {
          return;
        }
      }
    }
  }

  private @Nullable String firstKeyBehind(int at) {
    ListedPage next = at + 1 < segments.size() ? segments.get(at + 1).pageOrNull() : null;
    return next == null || next.objects().isEmpty() ? null : next.objects().get(0).key();
  }

  private double room(int at) {
    return at < NEAR ? mostSegments : mostSegments * ROOM_FAR_AHEAD;
  }

  private boolean guess(KeyRange segment, String cut) {
    if (!mayWaste() || !ahead.tryAcquire()) {
      return false;
    }
    KeyRange guessed = new KeyRange(cut, null, segment.until);
    guessed.isGuess = true;
    wasted.beginGuess();
    segment.until = cut;
    segment.isCut = true;
    segments.add(segments.indexOf(segment) + 1, guessed);
    ask(guessed, ahead::release);
    return true;
  }

  private boolean mayWaste() {
    return !hasFailed && wasted.mayBeMore();
  }

  private void ask(KeyRange segment, Runnable release) {
    segment.isAsked = true;
    start(
        () -> calls.page(segment.after, segment.token), release, answer -> settle(segment, answer));
  }

  private void start(
      Callable<ListedPage> question, Runnable release, Consumer<Future<ListedPage>> settle) {
    FutureTask<ListedPage> call =
        new FutureTask<>(question) {
          @Override
          protected void done() {
            release.run();
            arrivals.add(() -> settle.accept(this));
          }
        };
    underWay.removeIf(FutureTask::isDone);
    underWay.add(call);
    try {
      threads.execute(call);
    } catch (RuntimeException e) {
      call.cancel(false);
      throw e;
    }
  }

  private void settle(KeyRange segment, Future<ListedPage> answer) {
    if (segment.isGuess) {
      wasted.endGuess();
    }
    if (!segments.contains(segment)) {
      count(segment, 0);
      return;
    }
    ListedPage page = segment.settle(answer);
    hasFailed |= page == null;
    if (segment.isGuess && (page == null || isNothing(page))) {
      giveBack(segment);
    } else if (page != null) {
      settle(segment, page);
    }
  }

  /** What a store says to a key that does not exist need not mean anything. */
  private static boolean isNothing(ListedPage page) {
    return page.token() == null && page.objects().isEmpty() && page.prefixes().isEmpty();
  }

  private void giveBack(KeyRange guess) {
    count(guess, 0);
    int at = segments.indexOf(guess);
    KeyRange before = segments.get(at - 1);
    segments.remove(at);
    before.until = guess.until;
    ListedPage page = before.pageOrNull();
    if (page != null && page.token() != null) {
      leaveGap(before, page.token(), page.position(before.after));
    }
  }

  private void settle(KeyRange segment, ListedPage page) {
    if (page.token() == null) {
      segment.until = null;
      segments.subList(segments.indexOf(segment) + 1, segments.size()).clear();
      return;
    }
    String position = page.position(segment.after);
    if (!leaveGap(segment, page.token(), position)) {
      swallow(segment, position);
    }
    askForGaps();
    learn(segment.after, page);
    count(segment, page.upTo(segment.until));
  }

  private boolean leaveGap(KeyRange segment, String token, String position) {
    boolean isGap = isBefore(position, segment.until);
    if (isGap) {
      segments.add(segments.indexOf(segment) + 1, new KeyRange(position, token, segment.until));
      segment.until = position;
    }
    return isGap;
  }

  /** What comes next, and is not there yet, may be in this page already. */
  private void swallow(KeyRange segment, String position) {
    int next = segments.indexOf(segment) + 1;
    while (next < segments.size() && segments.get(next).isWithin(position)) {
      segment.until = segments.remove(next).until;
    }
  }

  private void count(KeyRange segment, ListedPage used) {
    double size = Math.max(1, cuts.pageSize());
    count(segment, Math.min(1, (used.objects().size() + used.prefixes().size()) / size));
  }

  private void count(KeyRange segment, double share) {
    wasted.count(share);
    if (segment.isGuess) {
      wasted.learnFromGuess(share);
      if (share < GOOD) {
        cuts.learnMiss(segment.after);
      }
    }
  }

  private void learn(String after, ListedPage page) {
    List<DirectoryStatistics> wanted = cuts.learn(after, page.objects());
    if (isTree) {
      wanted.forEach(directory -> askForChildren(directory, page.position("")));
    }
  }

  private void askForChildren(DirectoryStatistics directory, String after) {
    if (!directory.isToBeAsked(after) || !mayWaste() || !ahead.tryAcquire()) {
      return;
    }
    DirectoryStatistics.ChildrenRequest question = directory.ask(after);
    wasted.count(0);
    start(
        () -> calls.children(directory.name(), question.after(), question.token()),
        ahead::release,
        answer -> learn(directory, after, answer));
  }

  private void learn(DirectoryStatistics directory, String after, Future<ListedPage> answer) {
    try {
      directory.learn(answer.get());
      if (directory.isAmongFiles()) {
        askForChildren(directory, after);
      }
    } catch (ExecutionException | CancellationException e) {
      // Without them the walk goes on as before; what is wrong, its own calls will meet as well.
      log.debug("The children of a directory are not known, and are not asked for again", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("what is done needs no waiting", e);
    }
  }

  private static boolean isBefore(String position, @Nullable String until) {
    return until == null || KeyOrder.BYTES.compare(position, until) < 0;
  }
}
