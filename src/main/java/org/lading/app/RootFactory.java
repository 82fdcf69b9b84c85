package org.lading.app;

import org.lading.config.FilesystemRootConfiguration;
import org.lading.config.RootConfiguration;
import org.lading.config.S3RootConfiguration;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.s3.S3Calls;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3Settings;

/** Builds the adapter for each kind of root. */
final class RootFactory {
  private RootFactory() {}

  static Root root(RootConfiguration configuration, S3Calls calls) {
    if (configuration instanceof FilesystemRootConfiguration filesystem) {
      return new FilesystemRoot(
          filesystem.name(),
          filesystem.path(),
          filesystem.followSymlinks(),
          switch (filesystem.serve()) {
            case LINKS -> FilesystemRoot.Serve.LINKS;
            case DIRECT -> FilesystemRoot.Serve.DIRECT;
          });
    }
    S3RootConfiguration s3 = (S3RootConfiguration) configuration;
    return new S3Root(
        new S3Settings(
            s3.name(),
            s3.bucket(),
            s3.prefix(),
            s3.region(),
            s3.accessKeyId(),
            s3.secretAccessKey(),
            s3.sessionToken(),
            s3.endpoint(),
            s3.pathStyle(),
            s3.urlExpiry(),
            s3.requesterPays(),
            s3.listConcurrency()),
        calls);
  }
}
