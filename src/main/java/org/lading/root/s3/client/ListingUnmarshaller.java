package org.lading.root.s3.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.RestoreStatus;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Parses the answers of {@code ListObjectsV2}, as far as Lading uses them, in two fifths of the
 * time that the SDK takes: the SDK builds a tree first and parses times with a formatter, which
 * takes most of the processor time of a large listing.
 */
public final class ListingUnmarshaller {
  /**
   * The maximum number of keys and common prefixes of a page: S3 gives a thousand. Some dozens of
   * pages are held at a time.
   */
  private static final int MAX_KEYS = 2000;

  /** The maximum depth of elements that are skipped; the parser holds all open elements. */
  private static final int MAX_DEPTH = 16;

  private static final String SPACE = " \t\r\n";
  private static final String PERCENT_SPACE = "%20";
  private static final int MAX_DECLARATION = 200;

  /** A declaration with a name of UTF-8 that XML does not know, though many stores write it. */
  private static final Pattern MISSPELT_UTF_8 =
      Pattern.compile("<\\?xml[^>]*encoding=[\"']utf_?8[\"']", Pattern.CASE_INSENSITIVE);

  private final XMLStreamReader xml;
  private final List<@Nullable String> keys = new ArrayList<>();
  private final List<S3Object.Builder> objects = new ArrayList<>();
  private final List<@Nullable String> prefixes = new ArrayList<>();
  private String token = "";
  private @Nullable Boolean isTruncated;
  private boolean isUrlEncoded;

  /** Parsed times by their texts: S3 gives whole seconds, which many objects of a page share. */
  private final Map<String, Optional<Instant>> times = new HashMap<>();

  private ListingUnmarshaller(XMLStreamReader xml) {
    this.xml = xml;
  }

  /** Makes a factory for one listing, since factories need not be safe for several threads. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /** Makes a reader that ignores space before the declaration, which no document may begin with. */
  private static XMLStreamReader reader(byte[] body) throws XMLStreamException {
    int from = 0;
    while (from < body.length && SPACE.indexOf(body[from]) >= 0) {
      from++;
    }
    InputStream in = new ByteArrayInputStream(body, from, body.length - from);
    String start =
        new String(body, from, Math.min(MAX_DECLARATION, body.length - from), ISO_8859_1);
    return MISSPELT_UTF_8.matcher(start).lookingAt()
        ? factory().createXMLStreamReader(in, UTF_8.name())
        : factory().createXMLStreamReader(in);
  }

  /**
   * Parses a body; returns null if it is no listing or is malformed, for the SDK to find out why.
   * An {@link SdkException} is thrown for a key that is not encoded as the listing says, which the
   * SDK would accept.
   */
  static @Nullable ListObjectsV2Response unmarshal(byte[] body) {
    try {
      XMLStreamReader xml = reader(body);
      try {
        return new ListingUnmarshaller(xml).listing();
      } finally {
        xml.close();
      }
    } catch (SdkException e) {
      throw e;
    } catch (XMLStreamException | RuntimeException e) {
      // The SDK parses the same body next, and throws what it finds.
      return null;
    }
  }

  private @Nullable ListObjectsV2Response listing() throws XMLStreamException {
    xml.nextTag();
    if (!xml.getLocalName().equals("ListBucketResult")) {
      return null;
    }
    while (nextChild()) {
      switch (xml.getLocalName()) {
        case "Contents" -> readObject();
        case "CommonPrefixes" -> readPrefix();
        case "IsTruncated" -> readIsTruncated();
        case "NextContinuationToken" -> token = text();
        case "EncodingType" -> isUrlEncoded = text().strip().equalsIgnoreCase("url");
        default -> skip();
      }
    }
    decode(keys);
    decode(prefixes);
    List<S3Object> contents = new ArrayList<>(objects.size());
    for (int i = 0; i < objects.size(); i++) {
      contents.add(objects.get(i).key(keys.get(i)).build());
    }
    if (isTruncated == null) {
      // Some stores leave out what is false or empty; a token says that another page follows.
      isTruncated = !token.isEmpty();
    }
    return ListObjectsV2Response.builder()
        .isTruncated(isTruncated)
        .nextContinuationToken(token.isEmpty() ? null : token)
        .contents(contents)
        .commonPrefixes(
            prefixes.stream().map(prefix -> CommonPrefix.builder().prefix(prefix).build()).toList())
        .build();
  }

  private void readIsTruncated() throws XMLStreamException {
    if (isTruncated != null) {
      throw new XMLStreamException("a listing with a second IsTruncated");
    }
    isTruncated = truth();
  }

  /** Reads a boolean; what is none ends the parsing, since it could hide pages. */
  private boolean truth() throws XMLStreamException {
    return switch (text().strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw SdkClientException.create("A listing has a boolean that is none");
    };
  }

  /** Reads a number of bytes; returns null for what cannot be one, so that a HEAD has to tell. */
  private @Nullable Long size() throws XMLStreamException {
    try {
      long size = Long.parseLong(text().strip());
      return size < 0 ? null : size;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private void requireRoom() {
    if (keys.size() + prefixes.size() == MAX_KEYS) {
      throw new OversizedAnswerException(
          "gives pages of listings with more than " + MAX_KEYS + " keys");
    }
  }

  private void readObject() throws XMLStreamException {
    requireRoom();
    S3Object.Builder object = S3Object.builder();
    List<String> algorithms = new ArrayList<>(0);
    String key = null;
    while (nextChild()) {
      switch (xml.getLocalName()) {
        case "Key" -> key = text();
        case "LastModified" -> object.lastModified(time());
        case "ETag" -> object.eTag(text());
        case "Size" -> object.size(size());
        case "StorageClass" -> object.storageClass(text().strip());
        case "ChecksumAlgorithm" -> algorithms.add(text().strip());
        case "ChecksumType" -> object.checksumType(text().strip());
        case "RestoreStatus" -> object.restoreStatus(restoreStatus());
        default -> skip();
      }
    }
    if (!algorithms.isEmpty()) {
      object.checksumAlgorithmWithStrings(algorithms);
    }
    keys.add(key);
    objects.add(object);
  }

  private RestoreStatus restoreStatus() throws XMLStreamException {
    RestoreStatus.Builder status = RestoreStatus.builder();
    while (nextChild()) {
      switch (xml.getLocalName()) {
        case "IsRestoreInProgress" -> status.isRestoreInProgress(truth());
        case "RestoreExpiryDate" -> status.restoreExpiryDate(time());
        default -> skip();
      }
    }
    return status.build();
  }

  private void readPrefix() throws XMLStreamException {
    requireRoom();
    String prefix = null;
    while (nextChild()) {
      if (xml.getLocalName().equals("Prefix")) {
        prefix = text();
      } else {
        skip();
      }
    }
    prefixes.add(prefix);
  }

  /** Moves to the next child of the current element; returns false at the element's end. */
  private boolean nextChild() throws XMLStreamException {
    return xml.nextTag() == XMLStreamConstants.START_ELEMENT;
  }

  private String text() throws XMLStreamException {
    return xml.getElementText();
  }

  private @Nullable Instant time() throws XMLStreamException {
    return times.computeIfAbsent(text(), S3Times::parse).orElse(null);
  }

  private void skip() throws XMLStreamException {
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      depth += event == XMLStreamConstants.START_ELEMENT ? 1 : 0;
      depth -= event == XMLStreamConstants.END_ELEMENT ? 1 : 0;
      if (depth > MAX_DEPTH) {
        throw new OversizedAnswerException(
            "gives listings with elements more than " + MAX_DEPTH + " deep");
      }
    }
  }

  /**
   * Decodes texts in place. AWS encodes a space as {@code +}; where a store writes {@code %20}, a
   * {@code +} is one.
   */
  private void decode(List<@Nullable String> texts) {
    if (isUrlEncoded) {
      boolean isPlusSpace =
          texts.stream().noneMatch(text -> text != null && text.contains(PERCENT_SPACE));
      texts.replaceAll(text -> text == null ? null : decoded(text, isPlusSpace));
    }
  }

  private static String decoded(String text, boolean isPlusSpace) {
    if (text.indexOf('%') < 0 && (text.indexOf('+') < 0 || !isPlusSpace)) {
      return text;
    }
    try {
      return URLDecoder.decode(isPlusSpace ? text : text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create("A key is not encoded as the listing says", e);
    }
  }
}
