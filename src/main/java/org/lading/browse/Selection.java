package org.lading.browse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lading.access.FormFields;
import org.lading.access.Grant;
import org.lading.download.CreateRequest;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Target;
import org.lading.manifest.Target.DirectoryTarget;
import org.lading.manifest.Target.FileTarget;
import org.lading.manifest.names.NamePolicy;
import org.lading.request.RequestRules;

/**
 * What was ticked in a form. The values of its boxes are percent-encoded paths below the root, so
 * that no browser changes a character of them.
 *
 * @param isAll whether everything in the directory is chosen
 * @param files the paths of files
 * @param directories the paths of directories
 * @param name the name of the archive as it was written
 */
record Selection(boolean isAll, Set<String> files, Set<String> directories, String name) {
  /** The maximum number of files and directories that are taken along from page to page. */
  static final int MAX_CARRIED = 5000;

  /** The time until the download expires, as that of a link does: tokens end some day. */
  private static final long DAYS_KEPT = 1;

  /** Nothing chosen, and the name of an archive. */
  static Selection none(String name) {
    return new Selection(false, Set.of(), Set.of(), name);
  }

  /** Reads the fields of the form. */
  static Selection of(FormFields form) {
    return new Selection(
        !form.all("all").isEmpty(),
        paths(form, "file"),
        paths(form, "directory"),
        form.value("name"));
  }

  /** Returns whether there are more of them than are taken along. */
  boolean isTooMany() {
    return files.size() + directories.size() > MAX_CARRIED;
  }

  private static Set<String> paths(FormFields form, String field) {
    Set<String> paths = new LinkedHashSet<>();
    form.all(field)
        .forEach(value -> paths.add(Place.of("", FormFields.decode(value, field)).path()));
    return paths;
  }

  /**
   * Returns the request for the archive: everything keeps its place below the directory that all of
   * it has in common.
   *
   * @throws LadingException {@code EMPTY} if nothing is chosen, {@code FORBIDDEN} or {@code
   *     UNAUTHORIZED} if something is not covered, and what {@link Target} throws
   */
  CreateRequest request(Place place, Grant grant, RequestRules rules) {
    List<String> chosen = new ArrayList<>(directories);
    if (isAll && !directories.contains(place.path())) {
      chosen.add(place.path());
    }
    if (chosen.isEmpty() && files.isEmpty()) {
      throw new LadingException(ErrorCode.EMPTY, "Nothing is chosen");
    }
    if (chosen.size() + files.size() > rules.maxTargets()) {
      throw new LadingException(
          ErrorCode.TOO_LARGE, "There are more than " + rules.maxTargets() + " targets");
    }
    Stream.concat(chosen.stream(), files.stream())
        .forEach(
            path -> {
              // Before time is spent on its parts.
              Target.requireShort(path);
              Visit.require(grant, place.root(), path);
            });
    return new CreateRequest(
        place.root(),
        OptionalLong.of(DAYS_KEPT),
        false,
        new ManifestRequest(
            archiveName(rules.names()), targets(place.root(), base(place, chosen), chosen, rules)));
  }

  private List<Target> targets(String root, String base, List<String> chosen, RequestRules rules) {
    List<Target> targets = new ArrayList<>(chosen.size() + files.size());
    NamePolicy names = rules.names();
    for (String path : chosen) {
      String zipPath = below(base, path);
      targets.add(
          placed(
              new DirectoryTarget(targets.size(), root, path, zipPath, true),
              new DirectoryTarget(targets.size(), root, path, null, true),
              names));
    }
    for (String path : files) {
      String zipPath = below(base, parent(path));
      targets.add(
          placed(
              new FileTarget(targets.size(), root, path, zipPath, null),
              new FileTarget(targets.size(), root, path, null, null),
              names));
    }
    return targets;
  }

  /** Returns the name without {@code .zip}, which is added again; null for none. */
  private @Nullable String archiveName(NamePolicy names) {
    String plain = name.strip();
    if (plain.toLowerCase(Locale.ROOT).endsWith(".zip")) {
      plain = plain.substring(0, plain.length() - ".zip".length());
    }
    return plain.isEmpty() ? null : names.requireName("name of the archive", plain);
  }

  /** Returns the directory that all of it is in; of everything in a directory, that directory. */
  private String base(Place place, List<String> chosen) {
    String base = null;
    for (String path : chosen) {
      base = common(base, isAll && path.equals(place.path()) ? path : parent(path));
    }
    for (String path : files) {
      base = common(base, parent(path));
    }
    return base == null ? "" : base;
  }

  private static String common(@Nullable String base, String directory) {
    if (base == null) {
      return directory;
    }
    // With a slash at its end, each segment ends in one: the last that both have is the end.
    String one = base + "/";
    String other = directory + "/";
    int end = 0;
    for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
      if (one.charAt(i) != other.charAt(i)) {
        break;
      }
      if (one.charAt(i) == '/') {
        end = i;
      }
    }
    return base.substring(0, end);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
  }

  private static String below(String base, String path) {
    if (base.isEmpty() || path.isEmpty()) {
      return path;
    }
    return path.length() == base.length() ? "" : path.substring(base.length() + 1);
  }

  /** Returns a target, or another one with the default place if its own is refused. */
  private static Target placed(Target target, Target otherwise, NamePolicy names) {
    try {
      return target.checked(names);
    } catch (LadingException e) {
      if (e.code() != ErrorCode.INVALID_NAME) {
        throw e;
      }
      return otherwise;
    }
  }
}
