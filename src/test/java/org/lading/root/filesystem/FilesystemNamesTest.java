package org.lading.root.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.lading.testing.SecondLook.isUnchanged;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.base.ByteBuilder;
import org.lading.root.Item;
import org.lading.root.LocationEncoding;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.RawFiles;

/** Names on disk are bytes: those that are not UTF-8, and a JVM that is not set to UTF-8. */
class FilesystemNamesTest {
  /** Names as hex, with their display text; in the order of a listing. */
  private static final Map<String, String> MALFORMED = new LinkedHashMap<>();

  static {
    MALFORMED.put("25", "%");
    MALFORMED.put("ff", "%FF");
    MALFORMED.put("61c3", "a%C3");
    MALFORMED.put("61eda080", "a%ED%A0%80");
    MALFORMED.put("61f09f98", "a%F0%9F%98");
    MALFORMED.put("61ff25ff62", "a%FF%%FFb");
    MALFORMED.put("6162", "ab");
    MALFORMED.put("c0af", "%C0%AF");
    MALFORMED.put("c3a9", "\u00e9");
    MALFORMED.put("c3a9e9", "\u00e9%E9");
    MALFORMED.put("efbfbd", "\ufffd");
  }

  private final Path directory;
  private final Root root;

  FilesystemNamesTest(@TempDir Path directory) {
    this.directory = directory;
    this.root =
        new FilesystemRoot(new FilesystemRootSettings("names", directory, false, Serve.LINKS));
  }

  @Test
  void name_thatIsNotUtf8_isShownWithItsBytes() {
    MALFORMED.keySet().forEach(hex -> write("d/", hex));

    assertThat(items("d"))
        .extracting(Item::name)
        .containsExactlyInAnyOrderElementsOf(MALFORMED.values());
  }

  @Test
  void names_thatAreNotUtf8_sortAsTheyAreShown() {
    MALFORMED.keySet().forEach(hex -> write("d/", hex));
    write("d/", "61ff2f78");

    List<String> expected = new ArrayList<>(MALFORMED.values());
    expected.add("a%FF/x");
    expected.sort((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
    assertThat(items("d")).extracting(Item::name).isEqualTo(expected);
  }

  @Test
  void key_ofAnyName_leadsBackToTheExactFile() {
    MALFORMED.keySet().forEach(hex -> write("d/", hex));

    List<Item> items = items("");
    assertThat(items).extracting(Item::key).doesNotHaveDuplicates().hasSize(MALFORMED.size());
    for (Item item : items) {
      Path target = Objects.requireNonNull(item.linkTarget());
      byte[] name = NativePaths.lastName(target);
      assertThat("d/" + FileNameConverter.display(name)).isEqualTo(item.name());
      assertThat(target).isEqualTo(RawFiles.at(directory.resolve("d"), name));
      assertThat(isUnchanged(root, item)).isTrue();
    }
  }

  @Test
  void directory_thatIsNotUtf8_isWalked() {
    write("", "ff2f61");
    write("", "ff2f622fe9");

    assertThat(items("")).extracting(Item::name).containsExactly("%FF/a", "%FF/b/%E9");
    assertThat(items("")).extracting(Item::key).containsExactly("%FF/a", "%FF/b/%E9");
    for (Item item : items("")) {
      assertThat(isUnchanged(root, item)).isTrue();
    }
  }

  @Test
  void linkTarget_thatIsNotUtf8_isFollowed() throws Exception {
    write("", "ff");
    Files.createSymbolicLink(
        directory.resolve("l"), Path.of("/").relativize(RawFiles.at(Path.of("/"), (byte) 0xff)));

    assertThat(root.file("l").size()).isEqualTo(1);
    assertThat(root.file("l").linkTarget())
        .isEqualTo(RawFiles.at(directory.toRealPath(), (byte) 0xff));
  }

  @Test
  void location_ofANameThatIsNotUtf8_hasItsExactBytes() {
    Root direct =
        new FilesystemRoot(new FilesystemRootSettings("names", directory, false, Serve.DIRECT));
    write("", "64ff2520c3a9");
    ByteBuilder line = new ByteBuilder(16);

    direct.list(
        "", true, item -> direct.locations(LocationEncoding.PLAIN).append(item.key(), line));

    assertThat(line.toString()).isEqualTo("/internal/roots/names/d%FF%25%20%C3%A9");
  }

  @Test
  void escaping_ofAnyBytes_isReversible() {
    byte[] bytes = new byte[3];
    for (int i = 0; i < 0x1000000; i += 251) {
      bytes[0] = (byte) (i >> 16);
      bytes[1] = (byte) (i >> 8);
      bytes[2] = (byte) i;
      String escaped = FileNameConverter.escape(bytes);
      assertThat(UTF_8.newEncoder().canEncode(escaped)).isTrue();
      assertThat(FileNameConverter.unescape(escaped)).isEqualTo(bytes);
    }
  }

  @Test
  void jvmInThePosixLocale_seesTheSameNamesAndKeys() throws Exception {
    MALFORMED.keySet().forEach(hex -> write("d/", hex));
    for (String name : LocaleProbe.REQUESTED) {
      RawFiles.write(RawFiles.at(directory, name), new byte[] {1, 2});
    }

    List<String> here = LocaleProbe.report(directory);
    List<String> there = probe("C");

    assertThat(there.get(0)).isEqualTo("encoding ANSI_X3.4-1968");
    assertThat(there)
        .contains("name d/\u00e9%E9 key d/\u00e9%E9 1", "asked \u4e2d \ud83d\ude00/\u00e9? 2");
    assertThat(there.subList(1, there.size())).isEqualTo(here.subList(1, here.size()));
    assertThat(probe("C.UTF-8").subList(1, here.size())).isEqualTo(here.subList(1, here.size()));
  }

  private List<String> probe(String locale) throws Exception {
    Path errors = directory.resolveSibling(directory.getFileName() + ".errors");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LocaleProbe.class.getName(),
            directory.toString());
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("JAVA_TOOL") || key.startsWith("JDK_"));
    builder.environment().put("LC_ALL", locale);
    builder.redirectError(errors.toFile());
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    Files.delete(errors);
    return lines;
  }

  private void write(String parent, String hex) {
    byte[] relative = HexFormat.of().parseHex(hex);
    byte[] all = Arrays.copyOf(parent.getBytes(UTF_8), parent.length() + relative.length);
    System.arraycopy(relative, 0, all, parent.length(), relative.length);
    RawFiles.write(RawFiles.at(directory, all), new byte[] {1});
  }

  private List<Item> items(String path) {
    List<Item> items = new ArrayList<>();
    root.list(path, true, items::add);
    return items;
  }
}
