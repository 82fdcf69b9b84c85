package org.lading.amqp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.lading.base.Digests;
import org.lading.base.JsonFactories;
import org.lading.base.PrintableText;

/**
 * A request that came as a message, as far as its answer needs it. Of repeated fields the last one
 * counts, as for medusa-downloader.
 *
 * @param digest the digest of the message
 * @param length the number of its bytes
 * @param excerpt the beginning of the message, for a sentence
 * @param returnQueue the queue for the answers
 * @param clientId what tells the requester which request is answered; null if there is none
 * @param root the root; empty if there is none
 */
record ExportMessage(
    String digest,
    int length,
    String excerpt,
    String returnQueue,
    @Nullable String clientId,
    String root) {
  /** The maximum length of a queue's name, AMQP 0.9.1 section 4.2.5.3. */
  private static final int MAX_QUEUE_BYTES = 255;

  private static final int MAX_DEPTH = 100;
  private static final int MAX_EXCERPT_CHARS = 2_000;
  private static final int MAX_BYTES_PER_CHAR = 3;

  private static final JsonFactory JSON =
      JsonFactories.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  /** Tells that a message cannot be answered. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String reason) {
      super(reason);
    }
  }

  /** Reads a message. */
  static ExportMessage read(byte[] body) throws UnreadableException {
    Fields fields = new Fields();
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      try (JsonParser parser = JSON.createParser(body)) {
        fields.read(parser);
      }
    } catch (CharacterCodingException e) {
      throw new UnreadableException("it is not UTF-8");
    } catch (IOException e) {
      throw new UnreadableException("it is not JSON");
    }
    String queue = fields.returnQueue;
    if (queue == null || queue.isBlank()) {
      throw new UnreadableException("it names no return_queue");
    }
    if (queue.getBytes(StandardCharsets.UTF_8).length > MAX_QUEUE_BYTES) {
      throw new UnreadableException("its return_queue is no name of a queue");
    }
    return new ExportMessage(
        digest(body),
        body.length,
        excerpt(body),
        queue,
        fields.clientId,
        fields.root == null ? "" : fields.root);
  }

  /** Returns a digest of the bytes of a message, which tells it from others in the log. */
  static String digest(byte[] body) {
    return HexFormat.of().formatHex(Digests.sha256().digest(body));
  }

  private static String excerpt(byte[] body) {
    int length = Math.min(body.length, MAX_EXCERPT_CHARS * MAX_BYTES_PER_CHAR);
    return PrintableText.of(new String(body, 0, length, StandardCharsets.UTF_8), MAX_EXCERPT_CHARS);
  }

  /** The fields of the object that are wanted. */
  private static final class Fields {
    private @Nullable String returnQueue;
    private @Nullable String clientId;
    private @Nullable String root;

    void read(JsonParser parser) throws IOException, UnreadableException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableException("it is no JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "return_queue" -> returnQueue = text(parser, JsonToken.VALUE_STRING);
          case "client_id" -> clientId = clientId(parser);
          case "root" -> root = text(parser, JsonToken.VALUE_STRING);
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new UnreadableException("there is more than one JSON object");
      }
    }

    private static @Nullable String clientId(JsonParser parser) throws IOException {
      String id =
          text(
              parser,
              JsonToken.VALUE_STRING,
              JsonToken.VALUE_NUMBER_INT,
              JsonToken.VALUE_NUMBER_FLOAT);
      return id == null || id.isBlank() ? null : id;
    }

    /** Returns the text of a value of one of some kinds; null of another one, which is skipped. */
    private static @Nullable String text(JsonParser parser, JsonToken... kinds) throws IOException {
      for (JsonToken kind : kinds) {
        if (parser.currentToken() == kind) {
          return parser.getText();
        }
      }
      parser.skipChildren();
      return null;
    }
  }
}
