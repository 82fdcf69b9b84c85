package org.lading.browse;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lading.access.Access;
import org.lading.access.FormFields;
import org.lading.access.Grant;
import org.lading.base.RequestNotes;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.page.Texts;
import org.lading.root.PercentEncoding;

/**
 * What one request says of the page that it wants.
 *
 * @param place the directory
 * @param grant what the request may have
 * @param step which page of the directory
 * @param token the token of the link, or an empty text
 * @param up the relative address of the application: {@code ../../}
 * @param texts the language of the page, or null for a program
 * @param notes what is known of the request
 */
record Visit(
    Place place,
    Grant grant,
    Step step,
    String token,
    String up,
    @Nullable Texts texts,
    RequestNotes notes) {

  /**
   * A page of a directory.
   *
   * @param cursor its cursor; empty for the first one
   * @param trail the cursors of the pages before it, the latest last, as far as they are known
   */
  record Step(String cursor, List<String> trail) {
    /** The first page. */
    static final Step FIRST = new Step("", List.of());

    /** The maximum length of the trail in characters, since it is part of addresses. */
    private static final int MAX_TRAIL_CHARS = 1500;

    /** The maximum length of a cursor in characters. */
    private static final int MAX_CURSOR_CHARS = 8192;

    /** Copies the list; leaves out the beginning of a trail that is too long. */
    Step {
      if (cursor.length() > MAX_CURSOR_CHARS) {
        throw new LadingException(ErrorCode.NOT_FOUND, "There is no such page of the directory");
      }
      int from = trail.size();
      int chars = 0;
      while (from > 0 && chars + trail.get(from - 1).length() <= MAX_TRAIL_CHARS) {
        from--;
        chars += trail.get(from).length() + "&trail=".length();
      }
      trail = List.copyOf(trail.subList(from, trail.size()));
    }

    /** Reads the page from a query or a form. */
    static Step of(FormFields fields) {
      return new Step(fields.value("after"), fields.all("trail"));
    }

    boolean isFirst() {
      return cursor.isEmpty();
    }

    /** Returns the page after this one. */
    Step next(String nextCursor) {
      List<String> longer = new ArrayList<>(trail);
      longer.add(cursor);
      return new Step(nextCursor, longer);
    }

    /** Returns the page before this one, or null if it is not known, or there is none. */
    @Nullable Step previous() {
      if (isFirst() || trail.isEmpty()) {
        return null;
      }
      int last = trail.size() - 1;
      return new Step(trail.get(last), trail.subList(0, last));
    }

    /** Returns the part of a query that leads to it. */
    String query() {
      if (isFirst()) {
        return "";
      }
      StringBuilder query = new StringBuilder("after=").append(PercentEncoding.path(cursor));
      trail.forEach(before -> query.append("&trail=").append(PercentEncoding.path(before)));
      return query.toString();
    }
  }

  /** Reads the request for the page of a directory; fails if it may not have that. */
  static Visit of(HttpServletRequest http, Access access, String root, String path) {
    FormFields query = FormFields.parse(http.getQueryString());
    String in = query.find("in");
    Place place = Place.of(root, in == null ? path : in);
    Grant grant = access.of(http);
    require(grant, root, place.path());
    return new Visit(
        place,
        grant,
        Step.of(query),
        query.value("token"),
        up(http),
        Texts.ofPage(http.getHeaders("Accept"), http.getHeaders("Accept-Language")),
        RequestNotes.of(http.getAttribute(RequestNotes.ATTRIBUTE)));
  }

  /** Fails if a grant does not cover a path; the answer does not tell whether there is the root. */
  static void require(Grant grant, String root, String path) {
    if (!grant.covers(root, path)) {
      throw grant.isOfEverybody()
          ? new LadingException(
              ErrorCode.UNAUTHORIZED, "A token or a password is needed to browse here")
          : new LadingException(ErrorCode.FORBIDDEN, "The token does not cover this directory");
    }
  }

  /** Copies this visit for another page of the directory. */
  Visit at(Step other) {
    return new Visit(place, grant, other, token, up, texts, notes);
  }

  /** Returns the address of the page of a directory, as a page at this request's address has it. */
  String address(Place other, Step page) {
    return up + other.address(Place.join(page.query(), tokenQuery()));
  }

  /** Returns the address that the form of this page is sent to. */
  String formAddress() {
    return up + place.formAddress(tokenQuery());
  }

  /** Returns the address of the list of roots. */
  String rootsAddress() {
    return (up.isEmpty() ? "./" : up) + (token.isEmpty() ? "" : "?" + tokenQuery());
  }

  private String tokenQuery() {
    return tokenQuery(token);
  }

  /** Returns the query that carries a token on; empty without one. */
  static String tokenQuery(String token) {
    return token.isEmpty() ? "" : "token=" + PercentEncoding.path(token);
  }

  /** Returns the way from the address of a request up to that of the application. */
  static String up(HttpServletRequest http) {
    String path = http.getRequestURI().substring(http.getContextPath().length());
    return "../".repeat((int) Math.max(0, path.chars().filter(c -> c == '/').count() - 1));
  }
}
