package org.lading.root.s3;

import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
final class ListingUnmarshaller {
  /**
   * The maximum number of keys and common prefixes of a page: S3 gives a thousand. Some dozens of
   * pages are held at a time.
   */
  private static final int MAX_KEYS = 2000;

  /** The maximum depth of elements that are skipped; the parser holds all open elements. */
  private static final int MAX_DEPTH = 16;

  private final XMLStreamReader xml;
  private final List<@Nullable String> keys = new ArrayList<>();
  private final List<S3Object.Builder> objects = new ArrayList<>();
  private final List<@Nullable String> prefixes = new ArrayList<>();
  private final ListObjectsV2Response.Builder response = ListObjectsV2Response.builder();
  private @Nullable Boolean isTruncated;
  private boolean isUrlEncoded;

  /** Parsed times by their texts: S3 gives whole seconds, which many objects of a page share. */
  private final Map<String, Instant> times = new HashMap<>();

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

  /**
   * Parses a body; returns null if it is no listing or is malformed, for the SDK to find out why.
   * An {@link SdkException} is thrown for a key that is not encoded as the listing says, which the
   * SDK would accept.
   */
  static @Nullable ListObjectsV2Response unmarshal(byte[] body) {
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(body));
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
        case "NextContinuationToken" -> response.nextContinuationToken(text());
        case "EncodingType" -> isUrlEncoded = text().equals("url");
        default -> skip();
      }
    }
    List<S3Object> contents = new ArrayList<>(objects.size());
    for (int i = 0; i < objects.size(); i++) {
      contents.add(objects.get(i).key(decoded(keys.get(i))).build());
    }
    return response
        .isTruncated(isTruncated)
        .contents(contents)
        .commonPrefixes(
            prefixes.stream()
                .map(prefix -> CommonPrefix.builder().prefix(decoded(prefix)).build())
                .toList())
        .build();
  }

  private void readIsTruncated() throws XMLStreamException {
    if (isTruncated != null) {
      throw new XMLStreamException("a listing with a second IsTruncated");
    }
    isTruncated = Boolean.valueOf(text());
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
        case "Size" -> object.size(Long.valueOf(text()));
        case "StorageClass" -> object.storageClass(text());
        case "ChecksumAlgorithm" -> algorithms.add(text());
        case "ChecksumType" -> object.checksumType(text());
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
        case "IsRestoreInProgress" -> status.isRestoreInProgress(Boolean.valueOf(text()));
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

  private Instant time() throws XMLStreamException {
    return times.computeIfAbsent(text(), Instant::parse);
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

  private @Nullable String decoded(@Nullable String text) {
    if (text == null || !isUrlEncoded || (text.indexOf('%') < 0 && text.indexOf('+') < 0)) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create("A key is not encoded as the listing says", e);
    }
  }
}
