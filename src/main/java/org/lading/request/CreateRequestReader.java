package org.lading.request;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.download.RequestOrigin;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.event.Subscription;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Target;

/**
 * Reads the JSON of a create request in two passes. The first one checks the form of every field
 * and all roots, and keeps only the top-level fields; the second one iterates over the targets, so
 * that a million of them are never all in memory.
 */
public final class CreateRequestReader {
  private static final int MIN_KEPT_LENGTH = 1 << 16;

  /** The maximum length of {@code subject}, in chars. */
  private static final int MAX_SUBJECT_CHARS = 256;

  /** The faults of single targets; the form of all of them is right. */
  private static final Set<ErrorCode> FAULTS_OF_TARGETS =
      EnumSet.of(
          ErrorCode.INVALID_NAME, ErrorCode.INVALID_ROOT, ErrorCode.MISSING_OR_INVALID_TARGET);

  private final BodySource body;
  private final Checks checks;
  private final RequestRules rules;
  private final RequestForm form;
  private @Nullable String root;
  private @Nullable String zipName;
  private @Nullable Long timeout;
  private @Nullable String notify;
  private @Nullable String subject;
  private boolean isRepeatable;
  private boolean hasTargets;
  private int targetCount;

  /** The lengths of long texts, by the indices of their targets: to find one takes time. */
  private final Map<Integer, Long> lengths = new HashMap<>();

  /** The targets that have a fault, which are left out. */
  private final BitSet faulty = new BitSet();

  /**
   * What a request is held to.
   *
   * @param rules the settings
   * @param rootCheck takes each root that the request names, with the index of the target that
   *     names it or -1, and throws if the root cannot be used
   * @param subscriber makes a subscription of the address in {@code notify}, or throws if it may
   *     not be told
   * @param faults takes the faults of targets, of the archive's name and of {@code notify}; if it
   *     returns, the reading goes on without what is at fault
   */
  public record Checks(
      RequestRules rules,
      ObjIntConsumer<String> rootCheck,
      Function<String, Subscription> subscriber,
      Consumer<LadingException> faults) {
    /** Makes checks that end at the first fault. */
    public Checks(RequestRules rules, ObjIntConsumer<String> rootCheck) {
      this(rules, rootCheck, Checks::refuseNotify);
    }

    /** Makes checks that end at the first fault, of a request that may name an address. */
    public Checks(
        RequestRules rules,
        ObjIntConsumer<String> rootCheck,
        Function<String, Subscription> subscriber) {
      this(
          rules,
          rootCheck,
          subscriber,
          fault -> {
            throw fault;
          });
    }

    private static Subscription refuseNotify(String address) {
      throw new LadingException(
          ErrorCode.INVALID_NOTIFY, "notify belongs to a request that comes as POST /create");
    }
  }

  private CreateRequestReader(BodySource body, Checks checks) {
    this.body = body;
    this.checks = checks;
    this.rules = checks.rules();
    this.form = rules.form();
  }

  /** Checks a body, and reads its top-level fields. */
  public static CreateRequest read(BodySource body, Checks checks) throws IOException {
    CreateRequestReader request = new CreateRequestReader(body, checks);
    try (JsonParser parser = request.form.json().createParser(body.open(0))) {
      request.readWithinLimits(parser);
    } catch (JacksonException e) {
      throw notJson(e);
    } catch (CharConversionException e) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The body is not UTF-8", e);
    }
    return request.checked();
  }

  /** Checks a body in memory, as {@link #read}. */
  public static CreateRequest ofBytes(byte[] json, Checks checks) {
    try {
      return read(BodySource.of(json), checks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readWithinLimits(JsonParser parser) throws IOException {
    try {
      readTop(parser);
    } catch (StreamConstraintsException e) {
      String words = e.getOriginalMessage().replaceFirst("(?s), from `.*", ")");
      throw new LadingException(
          ErrorCode.UNPARSEABLE,
          "The body is over a limit" + place(parser.currentLocation()) + ": " + words,
          e);
    }
  }

  private void readTop(JsonParser parser) throws IOException {
    JsonFieldReader json = form.fields(parser);
    if (parser.nextToken() == null) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The body is empty");
    }
    if (parser.currentTokenLocation().getByteOffset() < 0) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The body is not UTF-8");
    }
    json.require(JsonToken.START_OBJECT, "The body must be an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "root" -> root = json.string(field);
        case "zip_name" -> zipName = json.string(field);
        case "timeout" -> timeout = json.positive(field);
        case "notify" -> notify = json.string(field);
        case "subject" -> subject = json.line(field, MAX_SUBJECT_CHARS);
        case "repeatable" -> isRepeatable = json.flag(field);
        case "targets" -> readTargets(parser, json);
        // Clients of medusa-downloader send these fields, which do not concern the archive.
        case "action", "client_id", "return_queue" -> json.skip(field);
        default -> json.unknown(field, "request");
      }
    }
    if (parser.nextToken() != null) {
      throw json.fault("There is more text after the request's object");
    }
  }

  private void readTargets(JsonParser parser, JsonFieldReader json) throws IOException {
    json.require(JsonToken.START_ARRAY, "targets must be an array");
    if (hasTargets) {
      throw json.fault("targets is there twice");
    }
    hasTargets = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (targetCount == rules.maxTargets()) {
        throw new LadingException(
            ErrorCode.TOO_LARGE, "There are more than " + rules.maxTargets() + " targets");
      }
      try {
        readTarget(parser);
      } catch (LadingException e) {
        requireFaultOfTarget(e);
        checks.faults().accept(e);
        faulty.set(targetCount);
      }
      targetCount++;
    }
  }

  private void readTarget(JsonParser parser) throws IOException {
    TargetReader target = TargetReader.read(parser, body, rules, targetCount);
    keepLength(target.checkedLength());
    String own = target.root();
    if (own != null) {
      checks.rootCheck().accept(own, targetCount);
    }
  }

  private static void requireFaultOfTarget(LadingException fault) {
    if (!FAULTS_OF_TARGETS.contains(fault.code())) {
      throw fault;
    }
  }

  private void keepLength(long length) {
    if (length >= MIN_KEPT_LENGTH) {
      lengths.put(targetCount, length);
    }
  }

  private CreateRequest checked() {
    if (root == null) {
      throw new LadingException(form.noRoot(), "root is missing");
    }
    checks.rootCheck().accept(root, -1);
    if (targetCount == 0 && !(hasTargets && form.takesNoTargets())) {
      throw new LadingException(ErrorCode.EMPTY, "There are no targets");
    }
    String requestRoot = root;
    return new CreateRequest(
        requestRoot,
        timeout == null ? OptionalLong.empty() : OptionalLong.of(timeout),
        isRepeatable,
        manifestRequest(() -> new TargetIterator(requestRoot)),
        subscriptions(),
        null,
        new RequestOrigin(subject, null, null, targetCount));
  }

  private List<Subscription> subscriptions() {
    if (notify == null) {
      return List.of();
    }
    try {
      return List.of(checks.subscriber().apply(notify));
    } catch (LadingException e) {
      checks.faults().accept(e);
      return List.of();
    }
  }

  private ManifestRequest manifestRequest(Iterable<Target> targets) {
    return new ManifestRequest(archiveName(), form.namesDirectories(), targets);
  }

  private @Nullable String archiveName() {
    try {
      String name =
          zipName == null || zipName.isEmpty() ? "" : form.zipName(rules.names(), zipName);
      return name.isEmpty() ? null : name;
    } catch (LadingException e) {
      checks.faults().accept(e);
      return null;
    }
  }

  private static LadingException notJson(JacksonException e) {
    return new LadingException(
        ErrorCode.UNPARSEABLE,
        "The body is not JSON"
            + place(e.getLocation())
            + ": "
            + PrintableText.of(withoutSource(e.getOriginalMessage())),
        e);
  }

  private static String place(@Nullable JsonLocation at) {
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  /** Removes the parser's words about the source, which is always the body. */
  private static String withoutSource(String message) {
    return message.replaceFirst("(?s) \\(start marker at.*", "");
  }

  /** Iterates over the targets of a body that was checked: the second pass. */
  private final class TargetIterator implements Iterator<Target> {
    private final String requestRoot;
    private final JsonParser parser;
    private int next = faulty.nextClearBit(0);
    private int position;

    TargetIterator(String requestRoot) {
      this.requestRoot = requestRoot;
      try {
        this.parser = form.json().createParser(body.open(0));
        parser.nextToken();
        while (!(parser.nextToken() == JsonToken.START_ARRAY
            && "targets".equals(parser.currentName()))) {
          parser.skipChildren();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return next < targetCount;
    }

    @Override
    public Target next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        for (; position <= next; position++) {
          parser.nextToken();
          if (position < next) {
            parser.skipChildren();
          }
        }
        TargetReader target = TargetReader.read(parser, body, rules, next);
        target.setLength(lengths.get(next));
        next = faulty.nextClearBit(next + 1);
        if (!hasNext()) {
          parser.close();
        }
        return target.toTarget(requestRoot);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
