package org.lading.api.create;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.lading.access.Client;
import org.lading.api.AnswerWriter;
import org.lading.api.ClientRoute;
import org.lading.api.ClientRouteFinder;
import org.lading.api.EstimateWriter;
import org.lading.body.BodyFilter;
import org.lading.body.SpooledBody;
import org.lading.download.CreateRequest;
import org.lading.error.Failure;
import org.lading.error.LadingException;
import org.lading.estimate.Estimate;
import org.lading.estimate.Estimator;
import org.lading.request.CreateRequestReader;

/** {@code POST /estimate}: tells what {@code /create} would do with the same body. */
@Path("estimate")
public final class EstimateResource {
  private final Estimator estimator;
  private final CreateAdmission admission;
  private final RequestChecks checks;
  private final Executor largeBodies;
  private final SlowAnswers slow;
  private final ClientRouteFinder routes;
  private final EstimateWriter answers;

  /**
   * Makes the resource.
   *
   * @param checks what the requests are held to
   * @param largeBodies reads large bodies, few at a time
   * @param slow gets the answers that clients wait for
   */
  public EstimateResource(
      Estimator estimator,
      CreateAdmission admission,
      RequestChecks checks,
      Executor largeBodies,
      SlowAnswers slow,
      ClientRouteFinder routes,
      EstimateWriter answers) {
    this.estimator = estimator;
    this.admission = admission;
    this.checks = checks;
    this.largeBodies = largeBodies;
    this.slow = slow;
    this.routes = routes;
    this.answers = answers;
  }

  /** Answers 200 whether a create would succeed or fail. No thread of the container waits. */
  @POST
  public CompletionStage<Response> estimate(@Context HttpServletRequest http) {
    try {
      return begin(http)
          .whenComplete(
              (answer, failure) -> {
                if (failure != null) {
                  countFailure(failure);
                }
              });
    } catch (RuntimeException e) {
      countFailure(e);
      throw e;
    }
  }

  private void countFailure(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    admission.metrics().estimated(LadingException.codeOf(cause).code());
  }

  private CompletionStage<Response> begin(HttpServletRequest http) {
    CreateAdmission.requireExactPath(http, "/estimate");
    Client client = admission.client(http);
    ClientRoute route = routes.route(http);
    SpooledBody body = BodyFilter.take(http);
    DeliveryFilter.Delivery delivery = DeliveryFilter.delivery(http);
    CompletableFuture<Estimate> begun =
        body.length() < CreateAdmission.MIN_LARGE_BODY
            ? slow.watched(begin(body, client, route).toCompletableFuture(), delivery)
            : CompletableFuture.supplyAsync(() -> begin(body, client, route), largeBodies)
                .thenCompose(result -> slow.watched(result.toCompletableFuture(), delivery));
    return begun.thenApply(estimate -> answer(route, estimate));
  }

  private CompletionStage<Estimate> begin(SpooledBody body, Client client, ClientRoute route) {
    List<Failure> faults = new ArrayList<>();
    try {
      CreateRequest request =
          CreateRequestReader.read(
              body::open, checks.of(client, route, fault -> addTo(faults, fault)));
      return estimator.begin(request.manifest(), faults, () -> close(body));
    } catch (IOException e) {
      close(body);
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close(body);
      throw e;
    }
  }

  /** Adds a fault, unless there are more already than an estimate tells. */
  private static void addTo(List<Failure> faults, LadingException fault) {
    if (faults.size() <= Estimate.MAX_FAULTS) {
      faults.add(fault.failure());
    }
  }

  private static void close(SpooledBody body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Response answer(ClientRoute route, Estimate estimate) {
    admission.metrics().estimated(estimate.result() == null ? "fail" : "succeed");
    return Response.ok(answers.estimate(route, estimate))
        .type(AnswerWriter.JSON)
        .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
        .build();
  }
}
