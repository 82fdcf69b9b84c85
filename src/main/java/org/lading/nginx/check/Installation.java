package org.lading.nginx.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lading.config.Configuration;

/** The installation that is checked: its settings, its public address, and what was made there. */
final class Installation {
  /** The name in the archive of the literal that the check has packed. */
  static final String LITERAL_NAME = "lading-check.txt";

  /** The text of the literal, long enough for ranges within it. */
  static final String LITERAL = "Lading checks this installation. ".repeat(8);

  private final Configuration configuration;
  private final CheckOptions options;
  private final PublicDoor door;

  Installation(Configuration configuration, CheckOptions options) {
    this.configuration = configuration;
    this.options = options;
    this.door = new PublicDoor(options);
  }

  /**
   * What became of a create request.
   *
   * @param download the download, or null if none was made
   * @param answer the answer to the request
   */
  record Created(@Nullable CheckDownload download, Answer answer) {}

  Configuration configuration() {
    return configuration;
  }

  CheckOptions options() {
    return options;
  }

  PublicDoor door() {
    return door;
  }

  /** Creates a download of a literal, as a client that may use a root. */
  Created createLiteral(String root) {
    return create(
        root, List.of(Map.of("type", "literal", "name", LITERAL_NAME, "content", LITERAL)));
  }

  /** Creates a download of files of a root, which are named by their positions. */
  Created createFiles(String root, List<String> paths) {
    List<Map<String, String>> targets = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      targets.add(Map.of("type", "file", "path", paths.get(i), "name", fileName(i)));
    }
    return create(root, targets);
  }

  /** Returns the name in the archive of the file at a position. */
  static String fileName(int position) {
    return "file-" + position;
  }

  private Created create(String root, List<Map<String, String>> targets) {
    Answer answer = door.create(FlatJson.request(root, targets));
    String id = answer.field("id");
    String url = answer.field("download_url");
    if (answer.status() != 201 || id == null || url == null) {
      return new Created(null, answer);
    }
    return new Created(new CheckDownload(door, "/" + root + "/" + id, url), answer);
  }
}
