package org.lading.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;

/** Adds to each answer 401 how the client can name itself, whoever makes the answer. */
public final class ChallengeFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  private final transient Authentication authentication;

  /** Makes a filter for the clients of an authentication. */
  public ChallengeFilter(Authentication authentication) {
    this.authentication = authentication;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, new ChallengingResponse(request, response, authentication));
  }

  private static final class ChallengingResponse extends HttpServletResponseWrapper {
    private final HttpServletRequest request;
    private final Authentication authentication;

    ChallengingResponse(
        HttpServletRequest request, HttpServletResponse response, Authentication authentication) {
      super(response);
      this.request = request;
      this.authentication = authentication;
    }

    @Override
    public void setStatus(int status) {
      super.setStatus(status);
      if (status == SC_UNAUTHORIZED) {
        List<String> challenges = authentication.challenges(request);
        setHeader("WWW-Authenticate", challenges.get(0));
        challenges.stream().skip(1).forEach(challenge -> addHeader("WWW-Authenticate", challenge));
      }
    }
  }
}
