package org.lading.body;

import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalLong;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Decides which requests may have a body. */
public interface BodyPolicy {
  /**
   * Decides about a request by its head, before its body is read.
   *
   * @return the maximum number of bytes of the body, or empty if the page uses none
   * @throws LadingException if the request is refused whatever its body is
   */
  OptionalLong maxBytes(HttpServletRequest request);

  /** Notes that the body of a request was refused for which {@link #maxBytes} gave a limit. */
  void refused(HttpServletRequest request, ErrorCode reason);
}
