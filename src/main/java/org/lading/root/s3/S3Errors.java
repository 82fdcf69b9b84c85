package org.lading.root.s3;

import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.lading.base.LogContext;
import org.lading.base.PrintableText;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.root.s3.client.OversizedAnswerException;
import org.lading.root.s3.listing.LevelListing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Turns exceptions of the SDK into Lading's; the messages of the SDK go to the log only. */
final class S3Errors {
  private static final Logger log = LoggerFactory.getLogger(S3Errors.class);

  private static final int REQUEST_TIMEOUT = 408;
  private static final String ACCESS_DENIED = "AccessDenied";

  /** The codes of compatible stores for keys and prefixes that they cannot have. */
  private static final Set<String> BAD_KEY_CODES =
      Set.of("InvalidArgument", "InvalidRequest", "InvalidURI", "KeyTooLongError");

  private static final Set<String> CREDENTIAL_CODES =
      Set.of(
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidSecurity",
          "InvalidToken",
          "SignatureDoesNotMatch",
          "TokenRefreshRequired");
  private static final Set<String> BUCKET_CODES =
      Set.of(
          "AccountProblem",
          "AllAccessDisabled",
          "InvalidBucketName",
          "NoSuchBucket",
          "NotSignedUp");
  private static final Set<String> REGION_CODES =
      Set.of(
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "IncorrectEndpoint",
          "PermanentRedirect",
          "TemporaryRedirect");
  private static final Set<String> CLOCK_CODES = Set.of("RequestExpired", "RequestTimeTooSkewed");

  private static final String WITHOUT_CREDENTIALS =
      "cannot be asked without credentials: set aws_access_key_id and aws_secret_access_key of the"
          + " root, or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the container";

  private final S3RootSettings settings;

  S3Errors(S3RootSettings settings) {
    this.settings = settings;
  }

  /** Makes and logs the exception for a bucket that did not answer, or not as it should. */
  LadingException unavailable(SdkException cause) {
    log(cause);
    if (cause instanceof OversizedAnswerException) {
      return new LadingException(
          ErrorCode.TOO_LARGE, sentence(String.valueOf(cause.getMessage())), cause);
    }
    return unavailable(problem(cause), isWithoutCredentials(cause) ? null : cause);
  }

  /** Makes that exception with a cause of any kind; {@code problem} completes the sentence. */
  LadingException unavailable(String problem, @Nullable Throwable cause) {
    return new LadingException(ErrorCode.STORAGE_UNAVAILABLE, sentence(problem), cause);
  }

  private String sentence(String problem) {
    return "The bucket %s of root %s %s".formatted(settings.bucket(), settings.name(), problem);
  }

  /**
   * Makes and logs the exception for a request for one object that failed. It names the object,
   * unless it is the bucket that refuses everything.
   */
  LadingException ofObject(String key, SdkException cause) {
    log(key, cause);
    String problem = problem(cause);
    return isOfBucket(cause)
        ? unavailable(problem, cause)
        : unavailable(problem + ", asked for " + S3Keys.quoted(key), cause);
  }

  /**
   * Makes and logs the exception for a refused GET of an object: {@code UNREADABLE} if the store
   * refuses this object only.
   *
   * @param requireListing throws if the bucket refuses a listing too
   */
  LadingException ofGet(String key, S3Exception cause, Runnable requireListing) {
    if (isTransient(cause) || isOfBucket(cause)) {
      throw cause;
    }
    try {
      requireListing.run();
    } catch (SdkException probe) {
      return unavailable(probe);
    }
    log(key, cause);
    return unreadable(key, "its store refuses it", cause);
  }

  /** Makes the exception for an object that waiting does not make readable. */
  LadingException unreadable(String key, String reason, @Nullable Throwable cause) {
    String sentence =
        "The object %s of root %s cannot be read: %s"
            .formatted(S3Keys.quoted(key), settings.name(), reason);
    return new LadingException(ErrorCode.UNREADABLE, sentence, cause);
  }

  /** Returns a listing; fails for another document, which the SDK parses as an empty listing. */
  ListObjectsV2Response requireListing(ListObjectsV2Response response) {
    if (response.isTruncated() == null) {
      throw unavailable("did not answer with a listing", null);
    }
    return response;
  }

  /** Makes the exception for a directory that is too large to be sorted. */
  LadingException unsorted(String prefix) {
    return new LadingException(
        ErrorCode.TOO_LARGE,
        "The directory %s has too many names: the bucket %s of root %s lists in another order than that of the bytes, and at most %d names are sorted"
            .formatted(
                S3Keys.quoted(prefix.substring(settings.prefix().length())),
                settings.bucket(),
                settings.name(),
                LevelListing.MAX_NAMES));
  }

  /** Makes the exception for a failed listing of the directory at the path. */
  LadingException ofList(String path, SdkException cause) {
    boolean ofRoot = path.isEmpty() || path.equals("/");
    if (ACCESS_DENIED.equals(code(cause)) || (!ofRoot && concernsOnlyTheKey(cause))) {
      log(cause);
      return S3Keys.invalid(
          "The path " + S3Keys.quoted(path) + " is not there or may not be read", cause);
    }
    return unavailable(cause);
  }

  /** Makes the exception for a failed listing that was to begin at a token of a stranger. */
  LadingException ofPage(String token, SdkException cause) {
    if (concernsOnlyTheKey(cause)) {
      log(cause);
      return S3Keys.invalid("There is no page " + S3Keys.quoted(token), cause);
    }
    return unavailable(cause);
  }

  /**
   * Makes the exception for a failed HEAD of the file at the path. Such an answer has no body, so
   * that a missing key, a missing bucket and wrong credentials look alike; the error of a listing
   * distinguishes them.
   *
   * @param isDirectory tells, by a listing, whether there is anything below the path
   */
  LadingException ofHead(String path, SdkException cause, BooleanSupplier isDirectory) {
    int status = cause instanceof AwsServiceException e ? e.statusCode() : 0;
    if (status != 400 && status != 403 && status != 404) {
      return unavailable(cause);
    }
    boolean directory = false;
    try {
      directory = isDirectory.getAsBoolean();
    } catch (SdkException probe) {
      if (!concernsOnlyTheKey(probe)) {
        return unavailable(probe);
      }
      log(probe);
    }
    String quoted = "The path " + S3Keys.quoted(path);
    if (directory && status == 404) {
      return S3Keys.invalid(quoted + " is a directory, not a file", cause);
    }
    return S3Keys.invalid(
        switch (status) {
          case 404 -> quoted + " is not there";
          case 403 -> quoted + " is not there or may not be read";
          default -> quoted + " cannot be read";
        },
        cause);
  }

  /** Tells whether the same call may succeed a moment later, though the SDK has repeated it. */
  static boolean isTransient(SdkException cause) {
    if (cause instanceof AwsServiceException e) {
      return e.statusCode() >= 500
          || e.statusCode() == REQUEST_TIMEOUT
          || code(e).equals("RequestTimeout")
          || e.isThrottlingException();
    }
    // A call that timed out has taken long enough.
    return !(cause instanceof OversizedAnswerException)
        && !(cause instanceof ApiCallTimeoutException)
        && !(cause instanceof ApiCallAttemptTimeoutException);
  }

  /** Tells whether a refusal concerns the bucket and everything in it. */
  static boolean isOfBucket(SdkException cause) {
    return BUCKET_CODES.contains(code(cause))
        || CREDENTIAL_CODES.contains(code(cause))
        || CLOCK_CODES.contains(code(cause))
        || (cause instanceof AwsServiceException e && isOfRegion(e) && !code(cause).isEmpty());
  }

  /** Tells whether a request was refused because it was signed for another region. */
  static boolean isOfRegion(AwsServiceException e) {
    return REGION_CODES.contains(code(e))
        || e.statusCode() == 301
        // The answer to a HEAD has no code: a bad request may be one for another region.
        || (e.statusCode() == 400 && code(e).isEmpty());
  }

  /** Returns a header of the answer for which the SDK threw an exception. */
  static Optional<String> header(AwsServiceException e, String name) {
    AwsErrorDetails details = e.awsErrorDetails();
    SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
    return response == null ? Optional.empty() : response.firstMatchingHeader(name);
  }

  private static String problem(SdkException cause) {
    if (isWithoutCredentials(cause)) {
      return WITHOUT_CREDENTIALS;
    }
    if (!(cause instanceof AwsServiceException e)) {
      return "did not answer";
    }
    String code = code(cause);
    if (code.equals("NoSuchBucket")) {
      return "does not exist";
    }
    if (CREDENTIAL_CODES.contains(code)) {
      return "does not accept the credentials";
    }
    if (CLOCK_CODES.contains(code)) {
      return "does not accept the time of this machine's clock";
    }
    if (REGION_CODES.contains(code) || e.statusCode() == 301) {
      return "is in another region than the one asked";
    }
    if (e.isThrottlingException()) {
      return "is asked too often";
    }
    return e.statusCode() >= 500 ? "is out of order" : "refused the request";
  }

  /** Tells whether the SDK found no credentials, for which it has no type of its own. */
  private static boolean isWithoutCredentials(SdkException cause) {
    return cause instanceof SdkClientException
        && String.valueOf(cause.getMessage()).startsWith("Unable to load credentials");
  }

  private static boolean concernsOnlyTheKey(SdkException cause) {
    String code = code(cause);
    return code.equals(ACCESS_DENIED) || BAD_KEY_CODES.contains(code);
  }

  /** Returns S3's code of the error, or an empty string. */
  static String code(SdkException cause) {
    AwsErrorDetails details = cause instanceof AwsServiceException e ? e.awsErrorDetails() : null;
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  private void log(SdkException cause) {
    log(null, cause);
  }

  private void log(@Nullable String key, SdkException cause) {
    int status = cause instanceof AwsServiceException e ? e.statusCode() : 0;
    log.warn(
        "{}root {}, bucket {}{}: {} status={} code={}: {}",
        LogContext.prefix(),
        settings.name(),
        settings.bucket(),
        key == null ? "" : ", object " + S3Keys.quoted(key),
        cause.getClass().getSimpleName(),
        status,
        PrintableText.of(code(cause)),
        PrintableText.of(redacted(String.valueOf(cause.getMessage()))));
  }

  /** Hides the credentials in a message, since a store may echo them. */
  private String redacted(String message) {
    S3RootSettings.Credentials credentials = settings.credentials();
    if (credentials == null) {
      return message;
    }
    String result = without(message, credentials.sessionToken());
    result = without(result, credentials.secretAccessKey());
    return without(result, credentials.accessKeyId());
  }

  private static String without(String message, @Nullable String secret) {
    return secret == null || secret.isEmpty() ? message : message.replace(secret, "***");
  }
}
