package org.lading.root.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.lading.root.Item;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reads the checksums of S3. ZIP needs the CRC-32 of the full object; a composite checksum, which
 * is a CRC-32 of the parts' CRC-32s, is of no use.
 */
final class S3ChecksumReader {
  private S3ChecksumReader() {}

  /** Tells whether a listed object has a CRC-32 of its full content, whose value is not listed. */
  static boolean hasCrc32(S3Object object) {
    return object.checksumType() == ChecksumType.FULL_OBJECT
        && object.checksumAlgorithm().contains(ChecksumAlgorithm.CRC32);
  }

  /** Returns the CRC-32 of a HEAD in checksum mode, or {@link Item#UNKNOWN_CRC32}. */
  static long crc32(HeadObjectResponse head) {
    String base64 = head.checksumCRC32();
    if (base64 == null || head.checksumType() != ChecksumType.FULL_OBJECT) {
      return Item.UNKNOWN_CRC32;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == Integer.BYTES
          ? Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
          : Item.UNKNOWN_CRC32;
    } catch (IllegalArgumentException e) {
      // A value that is no Base64 is no checksum either.
      return Item.UNKNOWN_CRC32;
    }
  }
}
