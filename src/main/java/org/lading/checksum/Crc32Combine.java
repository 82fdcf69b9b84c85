package org.lading.checksum;

/**
 * Computes the CRC-32 of a concatenation from the CRC-32s and lengths of its parts, as zlib's
 * crc32_combine does: by polynomial arithmetic modulo 0x04C11DB7 (ISO 3309, bits reversed).
 */
final class Crc32Combine {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int ONE = 0x80000000;

  /** x to the power of 2 to the power of i. */
  private static final int[] POWERS = new int[32];

  static {
    int power = ONE >>> 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power = multiply(power, power);
    }
  }

  private Crc32Combine() {}

  /**
   * Computes the CRC-32 of one part followed by another.
   *
   * @param first the CRC-32 of the first part
   * @param second the CRC-32 of the second part
   * @param secondLength the length of the second part in bytes
   */
  static long of(long first, long second, long secondLength) {
    int shifted = multiply(powerOfBytes(secondLength), (int) first);
    return Integer.toUnsignedLong(shifted ^ (int) second);
  }

  /** x to the power of 8 times the number of bytes. */
  private static int powerOfBytes(long bytes) {
    int product = ONE;
    int bit = 3;
    for (long rest = bytes; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        product = multiply(POWERS[bit % POWERS.length], product);
      }
      bit++;
    }
    return product;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ POLYNOMIAL;
    }
    return product;
  }
}
