package org.lading.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The checksums of neighbouring names in one directory, in one row: a row for each file would cost
 * an embedded database more than reading a small file again.
 *
 * <p>The stored form is {@link Packed}: in the order of the names' bytes, each with name, size,
 * version and CRC-32 (4 bytes).
 */
final class ChecksumLeaf {
  private static final int VERSION = 1;
  private static final int MOST_NAMES = 1000;

  private final NavigableMap<byte[], Known> byName = new TreeMap<>(Arrays::compareUnsigned);

  /** What is known of a name: the CRC-32 of the content of that size and version. */
  record Known(long size, String version, int crc32) {}

  /** A leaf as it was stored. */
  static ChecksumLeaf of(byte[] data) {
    ChecksumLeaf leaf = new ChecksumLeaf();
    forEach(data, leaf.byName::put);
    return leaf;
  }

  /** Hands over what a stored leaf has, in the order of the names' bytes. */
  static void forEach(byte[] data, BiConsumer<byte[], Known> sink) {
    Packed.Input in = new Packed.Input(VERSION, data);
    try {
      for (long left = in.readNumber(); left > 0; left--) {
        byte[] name = in.readBytes();
        sink.accept(name, new Known(in.readNumber(), in.readText(), in.readInt()));
      }
    } catch (IOException e) {
      throw Packed.Input.damaged(e);
    }
  }

  /** Puts a name; says whether that changes the leaf. */
  boolean put(byte[] name, Known known) {
    Known before = byName.put(name, known);
    return before == null
        || before.crc32() != known.crc32()
        || before.size() != known.size()
        || !before.version().equals(known.version());
  }

  /** The first names and the stored forms of what this leaf has become: one leaf, or several. */
  Map<byte[], byte[]> stored() {
    int leaves = (byName.size() + MOST_NAMES - 1) / MOST_NAMES;
    List<Map.Entry<byte[], Known>> all = new ArrayList<>(byName.entrySet());
    Map<byte[], byte[]> stored = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < leaves; i++) {
      int from = (int) ((long) all.size() * i / leaves);
      int to = (int) ((long) all.size() * (i + 1) / leaves);
      stored.put(all.get(from).getKey(), packed(all.subList(from, to)));
    }
    return stored;
  }

  private static byte[] packed(List<Map.Entry<byte[], Known>> names) {
    Packed.Output out = new Packed.Output(VERSION);
    try {
      out.writeNumber(names.size());
      for (Map.Entry<byte[], Known> entry : names) {
        out.writeBytes(entry.getKey());
        out.writeNumber(entry.getValue().size());
        out.writeText(entry.getValue().version());
        out.writeInt(entry.getValue().crc32());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.finish();
  }
}
