package org.lading.manifest.names;

import org.lading.error.LadingException;

/**
 * What happens to names in archives that some system could not unpack. Whatever it is, no name has
 * an empty part, {@code .} or {@code ..}, none is absolute, and a request that makes up a place
 * with one of these is refused with {@code INVALID_NAME}.
 */
public enum NamePolicy {
  /** A request that makes up such a name is refused; names of content are kept if they are safe. */
  REFUSE {
    @Override
    void requireSegment(String field, String whole, String segment) {
      ArchiveNameRules.requireSafeSegment(field, whole, segment);
      ArchiveNameRules.requirePortableSegment(field, whole, segment);
    }
  },

  /** Every such name becomes portable: an underscore stands for each character that is not. */
  PORTABLE {
    @Override
    void requireSegment(String field, String whole, String segment) {
      ArchiveNameRules.requireRealSegment(field, whole, segment);
    }

    @Override
    public String part(String name) {
      return name;
    }

    @Override
    public String inArchive(String name) {
      return ArchiveNameRules.requireWritable(PortableNames.path(name));
    }
  },

  /** All names are kept that are safe to unpack; others are refused. */
  KEEP {
    @Override
    void requireSegment(String field, String whole, String segment) {
      ArchiveNameRules.requireSafeSegment(field, whole, segment);
    }
  };

  abstract void requireSegment(String field, String whole, String segment);

  /**
   * Returns a part of a name in an archive: the name of content, of one or more segments, or what a
   * stored request made up; refuses one that would be unsafe to unpack.
   */
  public String part(String name) {
    return ArchiveNameRules.requireSafe(name);
  }

  /** Returns whether content of a name, of one or more segments, can be in an archive. */
  public boolean takes(String name) {
    try {
      part(name);
      return true;
    } catch (LadingException e) {
      return false;
    }
  }

  /** Returns what a whole name, after its parts were joined, is called in an archive. */
  public String inArchive(String name) {
    return ArchiveNameRules.requireWritable(name);
  }

  /** Checks one segment that a client made up: the new name of a file, or the archive's name. */
  public String requireName(String field, String segment) {
    if (segment.indexOf('/') >= 0) {
      throw ArchiveNameRules.invalid(field, segment, "has a slash");
    }
    requireSegment(field, segment, segment);
    return withoutNul(segment);
  }

  /** Checks a directory that a client made up, and removes one trailing slash. */
  public String requireDirectory(String field, String path) {
    String plain = ArchiveNameRules.requireRelative(field, path);
    if (!plain.isEmpty()) {
      for (String segment : plain.split("/", -1)) {
        requireSegment(field, path, segment);
      }
    }
    return withoutNul(plain);
  }

  /** Replaces what PostgreSQL cannot store in a text. */
  private static String withoutNul(String text) {
    return text.replace('\0', '_');
  }
}
