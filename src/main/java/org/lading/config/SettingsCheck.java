package org.lading.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lading.access.Client;
import org.lading.access.Clients;
import org.lading.amqp.AmqpSettings;
import org.lading.base.Finding;
import org.lading.check.AuditQuestion;
import org.lading.check.BrokerQuestion;
import org.lading.check.DatabaseQuestion;
import org.lading.check.RootQuestion;
import org.lading.check.StorageQuestion;
import org.lading.check.SystemCheck;
import org.lading.check.SystemCheck.Question;
import org.lading.webhook.WebhookAddress;

/** Checks one settings file: what is in it, and the system that it describes. */
final class SettingsCheck {
  private final Path file;
  private final Map<String, String> environment;
  private final Duration maxTime;
  private final Consumer<String> lines;
  private boolean hasFault;

  /**
   * Makes a check that gives each line as soon as it is known.
   *
   * @param maxTime in which each part of the system has to answer
   */
  SettingsCheck(
      Path file, Map<String, String> environment, Duration maxTime, Consumer<String> lines) {
    this.file = file;
    this.environment = environment;
    this.maxTime = maxTime;
    this.lines = lines;
  }

  /** Checks, and returns whether there was no fault. */
  boolean run(boolean explains) {
    Examination examined = ConfigurationLoader.examine(file, environment);
    examined.faults().forEach(fault -> tell(Finding.fault("settings", fault)));
    examined
        .passedKeys()
        .forEach(
            key ->
                tell(
                    Finding.passed(
                        "%s:%d: %s".formatted(examined.file(), key.line(), key.path()),
                        key.meaning())));
    Configuration configuration = examined.configuration();
    if (configuration == null) {
      tell(Finding.unknown("the system", "the settings have faults"));
      return false;
    }
    tell(Finding.ok("settings", examined.file() + " has no faults"));
    MoveAdvice.of(examined, configuration).forEach(this::tell);
    if (explains) {
      SettingsExplanation.print(examined, configuration, lines);
    }
    tellOfSystem(configuration);
    return !hasFault;
  }

  private void tellOfSystem(Configuration configuration) {
    tell(
        Finding.advice(
            "user",
            System.getProperty("user.name")
                + " asks what follows: ask as the user of Lading, whose rights count"));
    String shared = SharedStorage.advice(configuration);
    if (shared != null) {
      tell(Finding.advice("storage", shared));
    }
    SystemCheck.ask(questions(configuration), maxTime).forEach(this::tell);
    AmqpSettings amqp = configuration.amqp();
    tell(
        Finding.ok(
            "who may create",
            creators(configuration.access().clients())
                + (amqp == null
                    ? ""
                    : "; and whoever may write to the queue " + amqp.incomingQueue())));
    tell(
        Finding.ok(
            "public roots",
            configuration.access().publicRoots().isEmpty()
                ? "none"
                : configuration.access().publicRoots().stream()
                        .sorted()
                        .collect(Collectors.joining(", "))
                    + ": everybody may browse them and have everything in them"));
    tell(Finding.ok("webhooks", receivers(configuration)));
  }

  private static List<Question> questions(Configuration configuration) {
    List<Question> questions = new ArrayList<>();
    questions.add(StorageQuestion.of(configuration.storage()));
    questions.add(database(configuration.database()));
    Path audit = configuration.audit().file();
    if (audit != null) {
      questions.add(AuditQuestion.of(audit));
    }
    AmqpSettings amqp = configuration.amqp();
    if (amqp != null) {
      questions.add(BrokerQuestion.of(amqp));
    }
    configuration.roots().forEach(root -> questions.add(RootQuestion.of(root)));
    return questions;
  }

  private static Question database(DatabaseSettings database) {
    if (database.jndi() != null) {
      return DatabaseQuestion.ofContainer(database.jndi());
    }
    return database.url() == null
        ? DatabaseQuestion.ofEmbedded(database.directory())
        : DatabaseQuestion.ofPostgres(database.url(), database.user(), database.password());
  }

  private static String creators(Clients clients) {
    if (clients.isOpen()) {
      return "everybody";
    }
    return clients.all().isEmpty()
        ? "nobody"
        : clients.all().stream().map(SettingsCheck::creator).collect(Collectors.joining("; "));
  }

  private static String creator(Client client) {
    List<String> roots = client.roots();
    List<String> ways = new ArrayList<>();
    if (client.tokenSha256() != null) {
      ways.add("token");
    }
    if (client.digest() != null) {
      ways.add("password");
    }
    if (!client.secrets().isEmpty()) {
      ways.add("signed links");
    }
    return "%s (by %s; %s)"
        .formatted(
            client.name(),
            String.join(", ", ways),
            roots == null ? "all roots" : String.join(", ", roots));
  }

  private static String receivers(Configuration configuration) {
    List<WebhookAddress> allowed = configuration.webhooks().allow();
    if (allowed.isEmpty()) {
      return "none";
    }
    String clients =
        configuration.access().clients().all().stream()
            .filter(client -> !client.webhookSecrets().isEmpty())
            .map(Client::name)
            .collect(Collectors.joining(", "));
    return "%s may name addresses below %s"
        .formatted(
            clients.isEmpty() ? "nobody, for want of a webhook_secret," : clients,
            allowed.stream()
                .map(address -> address.scheme() + "://" + address.authority() + address.path())
                .collect(Collectors.joining(", ")));
  }

  private void tell(Finding finding) {
    hasFault |= finding.isFault();
    lines.accept(finding.toString());
  }
}
