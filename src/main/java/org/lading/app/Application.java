package org.lading.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.glassfish.jersey.server.ResourceConfig;
import org.jspecify.annotations.Nullable;
import org.lading.api.Answers;
import org.lading.api.DownloadStatusResource;
import org.lading.api.FailureMapper;
import org.lading.api.HelpResource;
import org.lading.api.StatusResource;
import org.lading.api.Urls;
import org.lading.api.create.Access;
import org.lading.api.create.CreateResource;
import org.lading.config.Clients;
import org.lading.config.Configuration;
import org.lading.config.FilesystemRootConfiguration;
import org.lading.config.Limits;
import org.lading.config.RootConfiguration;
import org.lading.config.S3RootConfiguration;
import org.lading.download.DownloadService;
import org.lading.http.DownloadFilter;
import org.lading.http.ManifestReply;
import org.lading.manifest.EntryLimits;
import org.lading.manifest.ManifestService;
import org.lading.manifest.StoredFiles;
import org.lading.modzip.ArchiveLength;
import org.lading.root.Root;
import org.lading.root.Roots;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.s3.S3Root;
import org.lading.root.s3.S3Settings;
import org.lading.store.Database;
import org.lading.store.JdbcDownloadStore;

/** One running Lading: builds every part from a configuration, and closes what it opened. */
public final class Application implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final DownloadFilter filter;
  private final ResourceConfig resources;

  /**
   * Opens the storage, the database and the roots.
   *
   * @param spool a directory of this node for large request bodies while they are read
   */
  public Application(
      Configuration configuration, Path spool, Clock clock, Supplier<String> ids) {
    try {
      Path storage = configuration.storage();
      StoredFiles storedFiles = new StoredFiles(storage.resolve("content"));
      storedFiles.check();
      Roots roots = open(new Roots(configuration.roots().stream().map(Application::root).toList()));
      Database database = open(database(configuration));
      JdbcDownloadStore store = new JdbcDownloadStore(database.jdbi());
      Limits limits = configuration.limits();
      ManifestService manifests =
          new ManifestService(
              roots,
              storedFiles,
              new EntryLimits(limits.entries(), limits.bytes()),
              configuration.emptyDirectories(),
              clock);
      DownloadService downloads =
          new DownloadService(
              store,
              manifests,
              storedFiles,
              ArchiveLength::new,
              ids,
              clock,
              configuration.retentionDays());
      downloads.discardUnfinished();
      this.filter = new DownloadFilter(downloads, new ManifestReply(downloads, roots));
      Answers answers = new Answers(new Urls(text(configuration.nginxUrl())));
      CreateResource create =
          new CreateResource(
              downloads,
              access(configuration.clients()),
              roots.all().stream().map(Root::name).collect(Collectors.toSet()),
              new CreateResource.BodyLimits(limits.bodyBytes(), limits.targets(), spool),
              answers);
      Map<String, Runnable> checks = new LinkedHashMap<>();
      checks.put("database", store::check);
      checks.put("storage", storedFiles::check);
      roots.all().forEach(root -> checks.put("root " + root.name(), root::check));
      this.resources =
          new ResourceConfig()
              .register(create)
              .register(new DownloadStatusResource(downloads, answers))
              .register(new StatusResource(checks, clock))
              .register(new HelpResource())
              .register(new FailureMapper());
    } catch (RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }
}
