package org.lading.body;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.Enumeration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.http.ErrorReply;

/**
 * Reads the bodies of requests before anything else sees the requests, so that no thread waits for
 * them, and refuses those that may not be sent before it reads them. A body that a page uses is
 * then there with {@link #take}; for all others the request has no body any more.
 */
public final class BodyFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** The maximum number of bytes of a body that nobody uses. */
  private static final long MAX_UNUSED_BYTES = 64 * 1024;

  /** The maximum number of bytes of a body that is read at once if it has come with the head. */
  private static final long MAX_BYTES_AT_ONCE = 16 * 1024;

  /** The paths under which a request can be dispatched anew; all pages have such paths. */
  private static final Pattern PLAIN_PATH =
      Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*+)*+/?");

  private static final String BODY = BodyFilter.class.getName();

  private final transient BodyPolicy policy;
  private final transient BodySpool spool;
  private final transient Executor executor;
  private final transient Clock clock;
  private final transient Set<BodyReader> readers = ConcurrentHashMap.newKeySet();

  /**
   * Makes a filter.
   *
   * @param executor runs what may block for a while
   */
  public BodyFilter(BodyPolicy policy, BodySpool spool, Executor executor, Clock clock) {
    this.policy = policy;
    this.spool = spool;
    this.executor = executor;
    this.clock = clock;
  }

  /** Returns the body of a request that was read; the caller closes it. */
  public static SpooledBody take(HttpServletRequest request) {
    SpooledBody body = (SpooledBody) request.getAttribute(BODY);
    if (body == null) {
      throw new IllegalStateException("the body of this request was not read");
    }
    request.removeAttribute(BODY);
    return body;
  }

  /** Ends the reading of bodies that come too slowly; called about every second. */
  public void endSlow() {
    for (BodyReader reader : readers.stream().filter(BodyReader::isDue).toList()) {
      // It is handed over once, however long it takes.
      if (readers.remove(reader)) {
        executor.execute(reader::expire);
      }
    }
  }

  @Override
  public void destroy() {
    readers.forEach(BodyReader::stop);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      pass(request, response, chain);
      return;
    }
    OptionalLong limit;
    try {
      limit = policy.maxBytes(request);
    } catch (LadingException e) {
      refuse(request, response, e);
      return;
    }
    if (limit.isPresent()) {
      readUsed(limit.getAsLong(), request, response, chain);
    } else if (request.getContentLengthLong() > 0
        || request.getHeader("Transfer-Encoding") != null) {
      discardUnused(request, response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void readUsed(
      long limit, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    SpooledBody body;
    try {
      if (request.getContentLengthLong() > limit) {
        throw tooLarge(limit);
      }
      body = spool.begin();
    } catch (LadingException e) {
      policy.refused(request, e.code());
      refuse(request, response, e);
      return;
    }
    put(request, body);
    if (isHere(request)) {
      readAtOnce(request, body);
      pass(request, response, chain);
    } else {
      Consumer<ErrorCode> refused = reason -> policy.refused(request, reason);
      begin(request, response, new BodyReader.Use(body, limit, refused, readers::remove));
    }
  }

  private void discardUnused(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (isHere(request)) {
      readAtOnce(request, null);
      pass(request, response, chain);
    } else if (!isPlain(request)) {
      refuse(request, response, new LadingException(ErrorCode.NOT_FOUND, "There is no such page"));
    } else if (request.getContentLengthLong() > MAX_UNUSED_BYTES) {
      refuse(request, response, tooLarge(MAX_UNUSED_BYTES));
    } else {
      begin(request, response, unused());
    }
  }

  private BodyReader.Use unused() {
    Consumer<ErrorCode> uncounted = reason -> {};
    return new BodyReader.Use(null, MAX_UNUSED_BYTES, uncounted, readers::remove);
  }

  private void begin(HttpServletRequest request, HttpServletResponse response, BodyReader.Use use)
      throws IOException {
    BodyReader reader = new BodyReader(request, response, use, clock);
    readers.add(reader);
    reader.start();
  }

  /** Answers without the body; of a body that has not come yet, the connection is closed. */
  private void refuse(HttpServletRequest request, HttpServletResponse response, LadingException why)
      throws IOException {
    if (isHere(request)) {
      readAtOnce(request, null);
      ErrorReply.send(request, response, why, BodyReader.subject(request));
      return;
    }
    BodyReader reader = new BodyReader(request, response, unused(), clock);
    readers.add(reader);
    reader.startDiscarding(why);
  }

  /** Returns whether a small body has come, so that reading it cannot block. */
  private static boolean isHere(HttpServletRequest request) throws IOException {
    long length = request.getContentLengthLong();
    if (length < 0 && request.getHeader("Transfer-Encoding") == null) {
      return request.getProtocol().startsWith("HTTP/1.");
    }
    return length == 0
        || (length > 0
            && length <= MAX_BYTES_AT_ONCE
            && request.getInputStream().available() >= length);
  }

  private static void readAtOnce(HttpServletRequest request, @Nullable SpooledBody body)
      throws IOException {
    long length = Math.max(request.getContentLengthLong(), 0);
    if (length > 0) {
      byte[] bytes = request.getInputStream().readNBytes((int) length);
      if (body != null) {
        body.append(bytes, bytes.length);
      }
    }
  }

  /** Passes a request on whose body was read, and closes the body if nobody has taken it. */
  private static void pass(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(new BodilessRequest(request), response);
    } finally {
      if (request.getAttribute(BODY) instanceof SpooledBody body) {
        request.removeAttribute(BODY);
        BodyReader.close(body);
      }
    }
  }

  private static void put(HttpServletRequest request, SpooledBody body) {
    request.setAttribute(BODY, body);
  }

  private static boolean isPlain(HttpServletRequest request) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return PLAIN_PATH.matcher(path).matches();
  }

  static LadingException tooLarge(long limit) {
    return new LadingException(
        ErrorCode.TOO_LARGE, "The request body has more than " + limit + " bytes");
  }

  /** A request whose body was read, and may not be read again by whoever looks for parameters. */
  private static final class BodilessRequest extends HttpServletRequestWrapper {
    BodilessRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() {
      return new EmptyInputStream();
    }

    /**
     * Returns no name. Jersey asks for them where a body is labelled as a form, as curl does, and
     * is empty; Jetty then refuses the request, since the body is larger than forms may be.
     */
    @Override
    public Enumeration<String> getParameterNames() {
      return Collections.emptyEnumeration();
    }
  }

  private static final class EmptyInputStream extends ServletInputStream {
    @Override
    public boolean isFinished() {
      return true;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("the body was read");
    }

    @Override
    public int read() {
      return -1;
    }
  }
}
