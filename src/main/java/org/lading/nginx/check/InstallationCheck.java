package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lading.base.Finding;
import org.lading.config.Configuration;
import org.lading.nginx.check.ModZipQuestion.Assembler;
import org.lading.root.RootSettings;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.s3.S3RootSettings;

/** Asks all questions about an installation, each of which gets an answer, be it "unknown". */
final class InstallationCheck {
  private final Installation installation;
  private final Consumer<Finding> findings;
  private final Runnable pause;
  private boolean hasFault;

  private InstallationCheck(Installation installation, Runnable pause, Consumer<Finding> findings) {
    this.installation = installation;
    this.pause = pause;
    this.findings = findings;
  }

  /**
   * Checks an installation.
   *
   * @param pause waits until another second has begun
   * @param findings takes each finding when it is there
   * @return whether there was no fault
   */
  static boolean run(
      Configuration configuration,
      CheckOptions options,
      Runnable pause,
      Consumer<Finding> findings) {
    InstallationCheck check =
        new InstallationCheck(new Installation(configuration, options), pause, findings);
    check.askAll();
    return !check.hasFault;
  }

  private void askAll() {
    List<Finding> address = AddressQuestion.ask(installation);
    tell(address);
    if (address.get(0).isFault()) {
      tell(Finding.unknown("all else", "Lading has to answer at the address first"));
      return;
    }
    CreateQuestion.Outcome created = CreateQuestion.ask(installation);
    tell(created.findings());
    CheckDownload literal = created.download();
    if (literal == null) {
      tell(
          Finding.unknown(
              "mod_zip, storage, roots, ranges, internal locations",
              "a download has to be created first"));
    } else {
      askWith(literal);
    }
    tell(BodySizeQuestion.ask(installation));
    tell(OperatorPagesQuestion.METRICS.ask(installation));
    tell(OperatorPagesQuestion.STATUS.ask(installation));
  }

  private void askWith(CheckDownload literal) {
    ModZipQuestion.Outcome modZip = ModZipQuestion.ask(installation.configuration(), literal);
    tell(modZip.findings());
    tell(RangeQuestion.ask(installation, modZip.assembler(), literal));
    List<CheckDownload> made = new ArrayList<>(List.of(literal));
    if (modZip.assembler() == Assembler.MOD_ZIP) {
      DateEvidence dates = new DateEvidence();
      for (RootSettings root : installation.configuration().roots()) {
        tell(askForRoot(root, literal.assembled().isWhole(), dates, made));
      }
      tell(version(literal, dates));
    } else if (modZip.assembler() == Assembler.LADING) {
      tell(Finding.ok("roots", "nginx needs none of them, since Lading reads them itself"));
    } else {
      tell(Finding.unknown("roots", "nginx reads them with mod_zip only"));
    }
    tell(ClosedLocationsQuestion.ask(installation, made));
  }

  /** Tells the version by an archive of a literal that is fetched again, if by no other. */
  private Finding version(CheckDownload literal, DateEvidence dates) {
    if (!dates.isThere() && literal.assembled().isWhole()) {
      pause.run();
      ReceivedArchive later = ReceivedArchive.of(installation.door().get(literal.assembledPage()));
      later
          .members()
          .values()
          .forEach(member -> dates.add(member.modified(), member.modified(), later.answer()));
    }
    return dates.finding();
  }

  private List<Finding> askForRoot(
      RootSettings root, boolean literalsAreRead, DateEvidence dates, List<CheckDownload> made) {
    if (root instanceof FilesystemRootSettings directory) {
      return List.of(
          new DirectoryQuestion(installation, directory).ask(literalsAreRead, dates, made));
    }
    return new BucketQuestion(installation, (S3RootSettings) root, dates, made).ask();
  }

  private void tell(List<Finding> several) {
    several.forEach(this::tell);
  }

  private void tell(Finding finding) {
    hasFault |= finding.isFault();
    findings.accept(finding);
  }
}
