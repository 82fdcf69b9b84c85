package org.lading.api;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.base.RequestNotes;
import org.lading.error.ErrorAnswer;
import org.lading.error.LadingException;
import org.lading.page.Texts;

/** Turns exceptions that resources throw into error answers, and notes their codes. */
public final class FailureMapper implements ExceptionMapper<Throwable>, ContainerResponseFilter {
  /**
   * The header in which an answer has its code until the filter takes it out. A mapper cannot be
   * given the servlet request: its proxy needs a class of the container's to be seen by Jersey.
   */
  private static final String CODE = "X-Lading-Code";

  @Context private @Nullable UriInfo uri;
  @Context private @Nullable HttpHeaders headers;

  @Override
  public Response toResponse(Throwable thrown) {
    Throwable failure = unwrapped(thrown);
    if (!(failure instanceof WebApplicationException web)
        || web.getResponse().getStatusInfo().getFamily() != Response.Status.Family.CLIENT_ERROR) {
      return answer(failure).build();
    }
    Response.ResponseBuilder response =
        answer(LadingException.ofStatus(web.getResponse().getStatus()))
            .status(web.getResponse().getStatus());
    return failure instanceof NotAllowedException
        ? response.allow(web.getResponse().getAllowedMethods()).build()
        : response.build();
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /**
   * Returns the beginning of log lines, with the path, which names the download if there is one.
   */
  private String subject() {
    return uri == null ? "Lading" : "Call of " + PrintableText.ofPath(uri.getPath());
  }

  private Response.ResponseBuilder answer(Throwable failure) {
    ErrorAnswer answer =
        ErrorAnswer.of(
            failure,
            subject(),
            Texts.ofPage(lines(HttpHeaders.ACCEPT), lines(HttpHeaders.ACCEPT_LANGUAGE)));
    Response.ResponseBuilder response =
        Response.status(answer.status()).type(answer.contentType()).entity(answer.text());
    answer.headers().forEach(response::header);
    return response.header(CODE, LadingException.codeOf(failure).code());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    List<Object> codes = response.getHeaders().remove(CODE);
    if (codes != null) {
      RequestNotes.of(request.getProperty(RequestNotes.ATTRIBUTE))
          .noteCode(codes.get(0).toString());
    }
  }

  private Enumeration<String> lines(String header) {
    List<String> lines = headers == null ? null : headers.getRequestHeader(header);
    return Collections.enumeration(lines == null ? List.of() : lines);
  }
}
