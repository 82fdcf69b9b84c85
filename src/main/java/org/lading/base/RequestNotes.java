package org.lading.base;

import org.jspecify.annotations.Nullable;

/**
 * What the parts that handle a request note about it, for those that tell of it when it was
 * answered. Any thread may note.
 */
public final class RequestNotes {
  /** The attribute in which each request has its notes. */
  public static final String ATTRIBUTE = RequestNotes.class.getName();

  private static final int MAX_USER_AGENT_CHARS = 512;

  private final String address;
  private final @Nullable String userAgent;
  private volatile @Nullable String client;
  private volatile @Nullable String code;

  /**
   * Makes the notes of a request.
   *
   * @param address the IP address of its client
   * @param userAgent what the client's program says of itself, or null; its beginning is kept
   */
  public RequestNotes(String address, @Nullable String userAgent) {
    this.address = address;
    this.userAgent =
        userAgent == null || userAgent.length() <= MAX_USER_AGENT_CHARS
            ? userAgent
            : userAgent.substring(0, MAX_USER_AGENT_CHARS);
  }

  /** Returns the notes in the attribute of a request; new ones if there are none. */
  public static RequestNotes of(@Nullable Object attribute) {
    return attribute instanceof RequestNotes notes ? notes : new RequestNotes("unknown", null);
  }

  /** Returns the IP address of the request's client. */
  public String address() {
    return address;
  }

  /** Returns what the client's program says of itself, or null. */
  public @Nullable String userAgent() {
    return userAgent;
  }

  /** Returns the name of the client of the settings that the request comes from, if noted. */
  public @Nullable String client() {
    return client;
  }

  /** Notes the name of the client of the settings that the request comes from. */
  public void noteClient(String name) {
    client = name;
  }

  /** Returns the code of the error that was answered, if noted. */
  public @Nullable String code() {
    return code;
  }

  /** Notes the code of the error that is answered. */
  public void noteCode(String answered) {
    code = answered;
  }
}
