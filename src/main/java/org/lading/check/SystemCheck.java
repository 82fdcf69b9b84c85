package org.lading.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.lading.base.Finding;
import org.lading.base.PrintableText;

/** Asks the parts of a system, all at once, each on a thread of its own and with a time limit. */
public final class SystemCheck {
  /** The maximum time in which a part has to answer. */
  public static final Duration MAX_TIME = Duration.ofSeconds(15);

  private SystemCheck() {}

  /**
   * A question to one part of a system.
   *
   * @param subject the part, such as {@code root medusa}
   * @param answer finds out whether it is as it should be; what it throws is a fault
   */
  public record Question(String subject, Callable<Finding> answer) {}

  /**
   * Returns the findings in the order of the questions. A question without an answer in time is a
   * fault, and its thread is left alone, since it may never end.
   */
  public static List<Finding> ask(List<Question> questions, Duration maxTime) {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "lading-check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Callable<Finding>> calls = new ArrayList<>();
      questions.forEach(question -> calls.add(question.answer()));
      List<Future<Finding>> answers =
          threads.invokeAll(calls, maxTime.toMillis(), TimeUnit.MILLISECONDS);
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        findings.add(finding(questions.get(i).subject(), answers.get(i), maxTime));
      }
      return findings;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Finding finding(String subject, Future<Finding> answer, Duration maxTime)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (CancellationException e) {
      return Finding.fault(subject, "no answer in " + maxTime.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage();
      return Finding.fault(subject, PrintableText.of(message == null ? cause.toString() : message));
    }
  }
}
