package org.lading.nginx.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lading.error.LadingException;
import org.lading.root.Item;
import org.lading.root.ItemSink;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3RootSettings;

/** Finds objects by which a bucket can be checked, and reads them without nginx. */
final class BucketSamples implements AutoCloseable {
  /**
   * The characters that nginx or stores may encode otherwise than a signature has it. Those that
   * some stores refuse in keys, such as the backslash, are not among them.
   */
  static final String AWKWARD = "+&=()'!@:;,${}[] %\"#<>?^|`~*\u00fc\u6f22";

  private static final int MAX_SAMPLES = 8;
  private static final int MAX_CALLS_AND_KEYS = 1000;

  private final S3RootSettings settings;
  private final S3Root root;

  BucketSamples(S3RootSettings settings) {
    this.settings = settings;
    this.root = new S3Root(settings);
  }

  /** An object and the path of it below the root's prefix. */
  record Sample(Item item, String path) {
    /** Returns the awkward characters of the key. */
    Set<Integer> awkward() {
      Set<Integer> found = new TreeSet<>();
      item.key().chars().filter(c -> AWKWARD.indexOf(c) >= 0).forEach(found::add);
      return found;
    }
  }

  /** Ends a listing. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("enough", null, false, false);
    }
  }

  /**
   * Returns objects that are not empty and not large: one with an easy key, if there is one among
   * the first thousand, and others that together have as many awkward characters as can be had.
   *
   * @throws LadingException if the bucket cannot be listed
   */
  List<Sample> find() {
    List<Sample> samples = new ArrayList<>();
    Set<Integer> covered = new TreeSet<>();
    ItemSink sink =
        new ItemSink() {
          private int looked;
          private boolean hasEasy;

          @Override
          public void accept(Item item) {
            if (item.kind() == Item.Kind.FILE
                && item.size() > 0
                && item.size() <= DirectorySamples.MAX_SIZE) {
              add(sample(item));
            }
            if (++looked >= MAX_CALLS_AND_KEYS || samples.size() >= MAX_SAMPLES) {
              throw new EnoughException();
            }
          }

          @Override
          public void refuse(LadingException why) {
            // What cannot be delivered is of no use here.
          }

          private void add(Sample sample) {
            boolean isEasy = sample.awkward().isEmpty();
            boolean isNew = isEasy ? !hasEasy : covered.addAll(sample.awkward());
            hasEasy |= isEasy;
            if (isNew) {
              samples.add(sample);
            }
          }
        };
    try {
      root.list("", true, sink);
    } catch (EnoughException e) {
      return samples;
    }
    return samples;
  }

  /** Finds an object that is known to be there. */
  Sample at(String path) {
    return sample(root.file(path));
  }

  private Sample sample(Item item) {
    return new Sample(item, item.key().substring(settings.prefix().length()));
  }

  /**
   * Reads an object as Lading does, by the condition that it is the one that was listed; returns
   * why that failed, or null if it did not.
   */
  @Nullable LadingException readDirectly(Sample sample) throws IOException {
    try (InputStream in = root.open(sample.item(), 0)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return null;
    } catch (LadingException e) {
      return e;
    }
  }

  /** Tells whether the store refused the last object that was read by its own tag. */
  boolean refusesOwnTags() {
    return root.refusesOwnTags();
  }

  @Override
  public void close() {
    root.close();
  }
}
