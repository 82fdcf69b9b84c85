package org.lading.api;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.error.ErrorAnswer;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Turns exceptions that resources throw into error answers. */
public final class FailureMapper implements ExceptionMapper<Throwable> {
  @Context private @Nullable UriInfo uri;

  @Override
  public Response toResponse(Throwable thrown) {
    Throwable failure = unwrapped(thrown);
    if (failure instanceof NotAllowedException notAllowed) {
      return answer(
              new LadingException(
                  ErrorCode.METHOD_NOT_ALLOWED, "This page does not take that method"))
          .allow(notAllowed.getResponse().getAllowedMethods())
          .build();
    }
    if (failure instanceof NotFoundException) {
      return answer(new LadingException(ErrorCode.NOT_FOUND, "There is no such page")).build();
    }
    if (failure instanceof WebApplicationException web
        && web.getResponse().getStatusInfo().getFamily() == Response.Status.Family.CLIENT_ERROR) {
      return web.getResponse();
    }
    return answer(failure).build();
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /**
   * Returns the beginning of log lines, with the path, which names the download if there is one.
   */
  private String subject() {
    return uri == null ? "Lading" : "Call of " + PrintableText.of(uri.getPath());
  }

  private Response.ResponseBuilder answer(Throwable failure) {
    ErrorAnswer answer = ErrorAnswer.of(failure, subject());
    Response.ResponseBuilder response =
        Response.status(answer.status()).type(ErrorAnswer.CONTENT_TYPE).entity(answer.json());
    answer.headers().forEach(response::header);
    return response;
  }
}
