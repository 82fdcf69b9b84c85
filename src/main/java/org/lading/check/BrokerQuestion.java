package org.lading.check;

import java.io.IOException;
import org.lading.amqp.AmqpSettings;
import org.lading.amqp.BrokerExamination;
import org.lading.base.Finding;
import org.lading.base.PrintableText;
import org.lading.check.SystemCheck.Question;

/** Asks whether the broker answers, and which messages wait there; makes no queue. */
public final class BrokerQuestion {
  private static final String SUBJECT = "broker";

  private BrokerQuestion() {}

  /** Makes the question of the broker of these settings. */
  public static Question of(AmqpSettings settings) {
    return new Question(SUBJECT, () -> ask(settings));
  }

  private static Finding ask(AmqpSettings settings) throws Exception {
    try {
      return Finding.ok(SUBJECT, settings.broker() + " answers; " + BrokerExamination.of(settings));
    } catch (IOException e) {
      // The library says why the broker refuses in the cause of an exception without a message.
      Throwable why = e.getMessage() == null && e.getCause() != null ? e.getCause() : e;
      return Finding.fault(
          SUBJECT, settings.broker() + ": " + PrintableText.of(String.valueOf(why.getMessage())));
    }
  }
}
