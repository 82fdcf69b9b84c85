package org.lading.nginx.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import org.lading.root.s3.S3RootSettings;
import org.lading.root.s3.ScratchObjects;

/** An object with an awkward key that the check puts into a bucket, and removes. */
final class ScratchObject implements AutoCloseable {
  /** The beginning of the paths of such objects below the root's prefix. */
  static final String DIRECTORY = "lading-check-";

  private final ScratchObjects objects;
  private final String path;

  private ScratchObject(ScratchObjects objects) {
    this.objects = objects;
    this.path = DIRECTORY + UUID.randomUUID() + "/a" + BucketSamples.AWKWARD + "%2Bz";
  }

  /** Puts an object; a {@code LadingException} if the store does not take it. */
  static ScratchObject put(S3RootSettings root) {
    ScratchObjects objects = new ScratchObjects(root);
    try {
      ScratchObject object = new ScratchObject(objects);
      object.write("as it was listed");
      return object;
    } catch (RuntimeException e) {
      objects.close();
      throw e;
    }
  }

  String path() {
    return path;
  }

  /** Puts other content in its place. */
  void write(String content) {
    objects.put(path, content.getBytes(UTF_8));
  }

  /** Removes the object. */
  @Override
  public void close() {
    try (objects) {
      objects.delete(path);
    }
  }
}
