package org.lading.api.create;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.lading.base.PrintableText;
import org.lading.download.CreateRequest;
import org.lading.error.ErrorCode;
import org.lading.error.LadingException;
import org.lading.manifest.ManifestRequest;
import org.lading.manifest.Target;

/**
 * The JSON of a create request. The first pass checks everything and keeps nothing but the fields
 * at the top; the second hands out the targets one after another, so that a million of them cost no
 * memory.
 */
final class CreateRequestJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Buffers kept by the container's threads would keep an undeployed application in memory.
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(8)
                  .build())
          .build();

  private final SpooledBody body;
  private final int maxTargets;
  private @Nullable String root;
  private @Nullable String zipName;
  private @Nullable Long timeout;
  private int targets;

  private CreateRequestJson(SpooledBody body, int maxTargets) {
    this.body = body;
    this.maxTargets = maxTargets;
  }

  /**
   * Checks a body and reads its top.
   *
   * @param roots is told every root that the request names, with the index of the target that names
   *     it or -1; it throws what it objects to
   */
  static CreateRequest read(SpooledBody body, int maxTargets, ObjIntConsumer<String> roots)
      throws IOException {
    CreateRequestJson request = new CreateRequestJson(body, maxTargets);
    try (JsonParser parser = JSON.createParser(body.open())) {
      request.readTop(parser, roots);
    } catch (JacksonException e) {
      throw notJson(e);
    } catch (CharConversionException e) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The body is not UTF-8", e);
    }
    return request.checked(roots);
  }

  private void readTop(JsonParser parser, ObjIntConsumer<String> roots) throws IOException {
    JsonFieldReader json = new JsonFieldReader(parser);
    if (parser.nextToken() == null) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "The body is empty");
    }
    json.require(JsonToken.START_OBJECT, "The body must be an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "root" -> root = json.string(field);
        case "zip_name" -> zipName = json.string(field);
        case "timeout" -> timeout = json.positive(field);
        case "targets" -> readTargets(parser, json, roots);
        // What clients of medusa-downloader send along; it says nothing about the archive.
        case "action", "client_id", "return_queue" -> json.skip(field);
        default -> throw json.fault(field + " is not a field of a request");
      }
    }
    if (parser.nextToken() != null) {
      throw json.fault("Something stands behind the request's object");
    }
  }

  private void readTargets(JsonParser parser, JsonFieldReader json, ObjIntConsumer<String> roots)
      throws IOException {
    json.require(JsonToken.START_ARRAY, "targets must be an array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (targets == maxTargets) {
        throw new LadingException(
            ErrorCode.TOO_LARGE, "There are more than " + maxTargets + " targets");
      }
      String own = TargetJson.read(parser, targets).root();
      if (own != null) {
        roots.accept(own, targets);
      }
      targets++;
    }
  }

  private CreateRequest checked(ObjIntConsumer<String> roots) {
    if (root == null) {
      throw new LadingException(ErrorCode.UNPARSEABLE, "root is missing");
    }
    roots.accept(root, -1);
    if (targets == 0) {
      throw new LadingException(ErrorCode.EMPTY, "There are no targets");
    }
    String requestRoot = root;
    String name = zipName == null || zipName.isEmpty() ? null : zipName;
    return new CreateRequest(
        requestRoot,
        timeout == null ? OptionalLong.empty() : OptionalLong.of(timeout),
        new ManifestRequest(name, () -> new Targets(requestRoot)));
  }

  private static LadingException notJson(JacksonException e) {
    JsonLocation at = e.getLocation();
    String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new LadingException(
        ErrorCode.UNPARSEABLE,
        "The body is not JSON"
            + place
            + ": "
            + PrintableText.of(withoutSource(e.getOriginalMessage())),
        e);
  }

  /** The parser's sentence without what it says about the source, which is always the body. */
  private static String withoutSource(String message) {
    return message.replaceFirst("(?s) \\(start marker at.*", "");
  }

  /** The second pass, over a body that the first has checked. */
  private final class Targets implements Iterator<Target> {
    private final String requestRoot;
    private final JsonParser parser;
    private int next;

    Targets(String requestRoot) {
      this.requestRoot = requestRoot;
      try {
        this.parser = JSON.createParser(body.open());
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
      return next < targets;
    }

    @Override
    public Target next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        parser.nextToken();
        Target target = TargetJson.read(parser, next++).toTarget(requestRoot);
        if (!hasNext()) {
          parser.close();
        }
        return target;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
