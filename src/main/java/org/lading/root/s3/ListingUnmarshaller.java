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
 * Reads the answers of {@code ListObjectsV2}: what the SDK makes of them, as far as Lading uses it,
 * in two fifths of the time. The SDK builds a tree first and parses times with a formatter, which
 * is most of what a large listing costs.
 */
final class ListingUnmarshaller {
  private final XMLStreamReader xml;
  private final List<@Nullable String> keys = new ArrayList<>();
  private final List<S3Object.Builder> objects = new ArrayList<>();
  private final List<@Nullable String> prefixes = new ArrayList<>();
  private final ListObjectsV2Response.Builder response = ListObjectsV2Response.builder();
  private @Nullable Boolean isTruncated;
  private boolean isUrlEncoded;

  /** S3 gives whole seconds, which objects that are listed side by side often share. */
  private final Map<String, Instant> times = new HashMap<>();

  private ListingUnmarshaller(XMLStreamReader xml) {
    this.xml = xml;
  }

  /** One for each listing, since none need be safe for several threads. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /**
   * The listing, or null if the body is something else or has faults: the SDK may say which. A key
   * that is not encoded as the listing says is an {@link SdkException}, which the SDK forgets.
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
      // Not hidden: the SDK reads the same body next, and throws what it finds.
      return null;
    }
  }

  private @Nullable ListObjectsV2Response listing() throws XMLStreamException {
    xml.nextTag();
    if (!xml.getLocalName().equals("ListBucketResult")) {
      return null;
    }
    while (isInside()) {
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
      throw new XMLStreamException("A listing that says twice whether it goes on");
    }
    isTruncated = Boolean.valueOf(text());
  }

  private void readObject() throws XMLStreamException {
    S3Object.Builder object = S3Object.builder();
    List<String> algorithms = new ArrayList<>(0);
    String key = null;
    while (isInside()) {
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
    while (isInside()) {
      switch (xml.getLocalName()) {
        case "IsRestoreInProgress" -> status.isRestoreInProgress(Boolean.valueOf(text()));
        case "RestoreExpiryDate" -> status.restoreExpiryDate(time());
        default -> skip();
      }
    }
    return status.build();
  }

  private void readPrefix() throws XMLStreamException {
    String prefix = null;
    while (isInside()) {
      if (xml.getLocalName().equals("Prefix")) {
        prefix = text();
      } else {
        skip();
      }
    }
    prefixes.add(prefix);
  }

  /** Goes to the next element inside the one that was begun; false at its end. */
  private boolean isInside() throws XMLStreamException {
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
