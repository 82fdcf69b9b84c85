package org.lading.root.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.lading.root.Item;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The checksums that S3 keeps, of which ZIP has a use for one only: the CRC-32 of the full object.
 * A composite one is a CRC-32 of CRC-32s.
 */
final class ObjectChecksums {
  private ObjectChecksums() {}

  /** Whether a listing says that the object has such a one. It does not say the value. */
  static boolean announces(S3Object object) {
    return object.checksumType() == ChecksumType.FULL_OBJECT
        && object.checksumAlgorithm().contains(ChecksumAlgorithm.CRC32);
  }

  /** The value that a HEAD answered which asked for it, or {@link Item#UNKNOWN_CRC32}. */
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
      // What is no Base64 is no checksum either.
      return Item.UNKNOWN_CRC32;
    }
  }
}
