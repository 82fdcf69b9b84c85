package org.lading.nginx.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.lading.base.Finding;
import org.lading.error.LadingException;
import org.lading.nginx.check.BucketSamples.Sample;
import org.lading.nginx.check.RootArchive.Verdict;
import org.lading.root.s3.S3RootSettings;

/**
 * Asks whether nginx can fetch the objects of a bucket, whatever their keys, and whether an object
 * that has changed breaks an archive.
 */
final class BucketQuestion {
  private final Installation installation;
  private final S3RootSettings root;
  private final String subject;
  private final DateEvidence dates;
  private final List<CheckDownload> made;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Makes the question.
   *
   * @param made takes the downloads that are made
   */
  BucketQuestion(
      Installation installation,
      S3RootSettings root,
      DateEvidence dates,
      List<CheckDownload> made) {
    this.installation = installation;
    this.root = root;
    this.subject = "root " + root.name();
    this.dates = dates;
    this.made = made;
  }

  List<Finding> ask() {
    try (BucketSamples bucket = new BucketSamples(root)) {
      if (installation.options().write()) {
        try (ScratchObject scratch = ScratchObject.put(root)) {
          askAll(bucket, scratch);
        } catch (LadingException e) {
          findings.add(
              Finding.unknown(
                  subject, "the check could not put or remove an object: " + inWords(e)));
        }
      } else {
        askAll(bucket, null);
      }
    }
    return findings;
  }

  private void askAll(BucketSamples bucket, @Nullable ScratchObject scratch) {
    List<Sample> samples;
    try {
      samples = new ArrayList<>(bucket.find());
      if (scratch != null) {
        samples.removeIf(sample -> sample.path().startsWith(ScratchObject.DIRECTORY));
        samples.add(bucket.at(scratch.path()));
      }
    } catch (LadingException e) {
      findings.add(cannotList(e));
      return;
    }
    if (samples.isEmpty()) {
      findings.add(
          Finding.unknown(
              subject,
              "none of its first objects has 1 byte to 16 MiB; with --write the check puts one"));
      return;
    }
    if (askForFiles(bucket, samples)) {
      askForKeys(samples);
      findings.add(changes(bucket, samples.get(0), scratch));
    }
  }

  private Finding changes(BucketSamples bucket, Sample sample, @Nullable ScratchObject scratch) {
    if (root.guard() && refusal(bucket, List.of(sample)) == null && bucket.refusesOwnTags()) {
      return ownTags();
    }
    return scratch == null
        ? Finding.unknown(
            subject + ", changes",
            "whether a changed object breaks an archive can be told with --write only")
        : new ChangeQuestion(installation, root, made).ask(scratch);
  }

  private Finding ownTags() {
    return Finding.fault(
        subject + ", changes",
        "the store refuses an object that is asked for by its own ETag (412), so that archives can"
            + " break off: set guard: false for this root, whose objects can then change unseen");
  }

  /** Tells why a bucket cannot be listed: the same reasons keep Lading from it. */
  private Finding cannotList(LadingException failure) {
    SSLException tls = Causes.find(failure, SSLException.class);
    String why = tls != null ? Causes.tls(tls) : inWords(failure);
    return Finding.fault(
        subject,
        "the bucket cannot be listed from here: "
            + why
            + " (is it so on the machine of Lading, too? then see the settings of this root)");
  }

  private boolean askForFiles(BucketSamples bucket, List<Sample> samples) {
    RootArchive archive = archive(samples);
    switch (archive.verdict()) {
      case RIGHT -> findings.add(fetched(archive, samples.size()));
      case NOT_ALLOWED ->
          findings.add(Finding.unknown(subject, "the client of the token may not use it"));
      case LADING_FAILS ->
          findings.add(
              Finding.fault(subject, "Lading cannot deliver its objects: " + archive.text()));
      case WRONG_IN_NGINX ->
          findings.add(
              Finding.fault(
                  subject,
                  archive.text()
                      + ": nginx fetches from another place; generate its configuration anew"));
      case BROKEN_IN_NGINX -> findings.add(broken(bucket, samples));
    }
    return archive.verdict() == Verdict.RIGHT;
  }

  /** Tells whether the archive is also right as clients ask for it. */
  private Finding fetched(RootArchive archive, int objects) {
    CheckDownload download = archive.download();
    if (download == null || !download.assembled().hasFilesOf(download.streamed())) {
      return Finding.fault(
          subject,
          "nginx fetches its objects, but not those for which it comes back to Lading: generate its"
              + " configuration anew (locations /entry/), with the --app at which Lading listens");
    }
    return Finding.ok(subject, "nginx fetches its objects (%d)".formatted(objects));
  }

  /** Finds out which of the objects nginx cannot fetch. */
  private Finding broken(BucketSamples bucket, List<Sample> samples) {
    List<Sample> lost = new ArrayList<>();
    Set<Integer> held = new TreeSet<>();
    for (Sample sample : samples) {
      if (archive(List.of(sample)).verdict() == Verdict.RIGHT) {
        held.addAll(sample.awkward());
      } else {
        lost.add(sample);
      }
    }
    String refusal = refusal(bucket, lost.isEmpty() ? samples : lost);
    if (refusal != null) {
      return Finding.fault(subject, refusal);
    }
    if (root.guard() && bucket.refusesOwnTags()) {
      return ownTags();
    }
    Set<Integer> suspects = new TreeSet<>();
    lost.forEach(sample -> suspects.addAll(sample.awkward()));
    suspects.removeAll(held);
    boolean keysMatter = lost.stream().noneMatch(sample -> sample.awkward().isEmpty());
    if (keysMatter && lost.size() < samples.size()) {
      return Finding.fault(
          subject,
          "nginx cannot fetch objects whose keys have one of "
              + characters(suspects)
              + ": generate its configuration without --plain, and have it send"
              + " X-Archive-Locations as generated");
    }
    return Finding.fault(
        subject,
        "nginx cannot fetch its objects, though this machine can (Lading may read them in its"
            + " place, which is slower): "
            + cure());
  }

  /** Reads the objects without nginx; returns what is wrong with the store itself, or null. */
  private static @Nullable String refusal(BucketSamples bucket, List<Sample> samples) {
    for (Sample sample : samples) {
      try {
        LadingException failure = bucket.readDirectly(sample);
        if (failure != null) {
          return "the store refuses the object to this machine, too: " + inWords(failure);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return null;
  }

  private String cure() {
    URI endpoint = root.endpoint();
    boolean secure = endpoint == null || "https".equals(endpoint.getScheme());
    String host = endpoint == null ? "the store" : endpoint.getAuthority();
    return (secure
            ? "it does not trust the CA of "
                + host
                + " (generate its configuration with the --ca-file that has it), "
            : "")
        + "it does not reach "
        + host
        + " (an address that it looked up long ago: reload it; a firewall), or its configuration is"
        + " not generated from these settings; its error log names the reason";
  }

  private void askForKeys(List<Sample> samples) {
    Set<Integer> missing = new TreeSet<>();
    BucketSamples.AWKWARD.chars().forEach(missing::add);
    samples.forEach(sample -> missing.removeAll(sample.awkward()));
    String keys = subject + ", keys";
    findings.add(
        missing.isEmpty()
            ? Finding.ok(keys, "nginx fetches objects with every awkward character in their keys")
            : Finding.unknown(
                keys,
                "no object was found with "
                    + characters(missing)
                    + " in its key; with --write the check puts one"));
  }

  private RootArchive archive(List<Sample> samples) {
    RootArchive archive =
        RootArchive.of(
            installation,
            root.name(),
            samples.stream()
                .map(s -> new RootArchive.Source(s.path(), s.item().modified()))
                .toList(),
            dates);
    if (archive.download() != null) {
      made.add(archive.download());
    }
    return archive;
  }

  private static String characters(Set<Integer> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(
        c ->
            text.append(text.isEmpty() ? "" : " ")
                .append(c == ' ' ? "space" : Character.toString(c)));
    return text.toString();
  }

  private static String inWords(LadingException failure) {
    return String.valueOf(failure.getMessage());
  }
}
