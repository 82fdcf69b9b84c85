package org.lading.root.filesystem;

import java.util.Objects;

/** The ways to hold directories open, for tests that must pass with each of them. */
enum Way {
  OPENAT2(path -> Openat2Directory.open(Objects.requireNonNull(LinuxCallsLoader.get()), path)),
  SECURE_DIRECTORY(SecureDirectory::open),
  WHOLE_PATHS(WholePathDirectory::open);

  @SuppressWarnings("ImmutableEnumChecker") // None of the three has a field.
  final FileSystemCalls.DirectoryOpener opener;

  Way(FileSystemCalls.DirectoryOpener opener) {
    this.opener = opener;
  }
}
