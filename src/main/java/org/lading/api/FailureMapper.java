package org.lading.api;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.lading.error.ErrorAnswer;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;

/** Turns every failure of a resource into its answer. */
public final class FailureMapper implements ExceptionMapper<Throwable> {
  @Override
  public Response toResponse(Throwable failure) {
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

  private static Response.ResponseBuilder answer(Throwable failure) {
    ErrorAnswer answer = ErrorAnswer.of(failure);
    Response.ResponseBuilder response =
        Response.status(answer.status()).type(ErrorAnswer.CONTENT_TYPE).entity(answer.json());
    answer.headers().forEach(response::header);
    return response;
  }
}
