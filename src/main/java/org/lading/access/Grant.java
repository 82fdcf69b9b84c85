package org.lading.access;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request may have: everything in the public roots, and what its bearer token or the token
 * in its link adds.
 */
public final class Grant {
  /** The name of the client of all requests without a token. */
  public static final String PUBLIC = "public";

  private final Set<String> publicRoots;
  private final @Nullable Client who;
  private final @Nullable Scope scope;
  private final @Nullable String createBody;

  /**
   * The part of a root that a token in a link is for.
   *
   * @param root the name of the root
   * @param below the directory, or the file, that has all of it
   */
  record Scope(String root, List<String> below) {
    /** Makes a scope of a path. */
    static Scope of(String root, String below) {
      return new Scope(root, segments(below));
    }

    private boolean covers(String otherRoot, List<String> path) {
      return root.equals(otherRoot)
          && path.size() >= below.size()
          && path.subList(0, below.size()).equals(below);
    }
  }

  private Grant(
      Set<String> publicRoots,
      @Nullable Client who,
      @Nullable Scope scope,
      @Nullable String createBody) {
    this.publicRoots = publicRoots;
    this.who = who;
    this.scope = scope;
    this.createBody = createBody;
  }

  /** Grants the public roots. */
  static Grant ofEverybody(Set<String> publicRoots) {
    return new Grant(publicRoots, null, null, null);
  }

  /** Grants the roots of a client too. */
  static Grant ofClient(Set<String> publicRoots, Client client) {
    return new Grant(publicRoots, client, null, null);
  }

  /** Grants a part of a root too, if its client may use that root. */
  static Grant ofScope(Set<String> publicRoots, Client client, Scope scope) {
    return new Grant(publicRoots, client, scope, null);
  }

  /** Grants the archive of one create request, and nothing else that is not public. */
  static Grant ofCreate(Set<String> publicRoots, Client client, String body) {
    return new Grant(publicRoots, client, null, body);
  }

  /** Returns the name of the client, for logs and for the fair queue. */
  public String client() {
    return who == null ? PUBLIC : who.name();
  }

  /** Returns whether the request has no token, so that it is granted what everybody is. */
  public boolean isOfEverybody() {
    return who == null;
  }

  /**
   * Returns whether the request may have a file or a directory with all that is in it. A path with
   * a segment {@code .} or {@code ..} is never covered.
   *
   * @param path the decoded path below the root; empty segments do not count
   */
  public boolean covers(String root, String path) {
    List<String> segments = segments(path);
    if (segments.contains(".") || segments.contains("..")) {
      return false;
    }
    if (publicRoots.contains(root)) {
      return true;
    }
    if (who == null || createBody != null || !who.mayUse(root)) {
      return false;
    }
    return scope == null || scope.covers(root, segments);
  }

  /**
   * Returns the path below a root from which on the request may have everything: {@code ""} for the
   * root itself, or null if it may have nothing there.
   */
  public @Nullable String top(String root) {
    if (covers(root, "")) {
      return "";
    }
    String below = scope == null ? "" : String.join("/", scope.below());
    return scope != null && scope.root().equals(root) && covers(root, below) ? below : null;
  }

  /**
   * Returns whether the {@link #createBody} of this grant may name a root: it is public, or one of
   * those of the client that signed it.
   */
  public boolean mayCreateFrom(String root) {
    return createBody != null && who != null && (publicRoots.contains(root) || who.mayUse(root));
  }

  /** Returns the JSON of the create request that the link stands for, or null if it has none. */
  public @Nullable String createBody() {
    return createBody;
  }

  /** Returns the segments of a path that are not empty. */
  static List<String> segments(String path) {
    return Arrays.stream(path.split("/", -1)).filter(segment -> !segment.isEmpty()).toList();
  }
}
