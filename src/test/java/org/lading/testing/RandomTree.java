package org.lading.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Trees of files whose names are beginnings of each other and sort on both sides of a slash. */
public final class RandomTree {
  private static final List<String> ENDS =
      List.of("", "b", " ", "!", "-", ".x", "0", "~", "\u00e9", "\uff41", "\ud83d\ude00");

  private RandomTree() {}

  /** That many files by path, some of them empty directories with a slash at the end. */
  public static Map<String, byte[]> of(Random random, int files) {
    Map<String, byte[]> tree = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    Set<String> directories = new HashSet<>();
    while (tree.size() < files) {
      String path = randomPath(random);
      List<String> parents = parents(path);
      boolean fits = directories.containsAll(parents.stream().filter(taken::contains).toList());
      if (fits && taken.add(path)) {
        taken.addAll(parents);
        directories.addAll(parents);
        boolean empty = random.nextInt(12) == 0;
        tree.put(empty ? path + "/" : path, path.getBytes(StandardCharsets.UTF_8));
      }
    }
    return tree;
  }

  private static String randomPath(Random random) {
    List<String> segments = new ArrayList<>();
    for (int depth = random.nextInt(4); depth >= 0; depth--) {
      segments.add("a" + ENDS.get(random.nextInt(ENDS.size())) + ENDS.get(random.nextInt(2)));
    }
    return String.join("/", segments);
  }

  private static List<String> parents(String path) {
    List<String> parents = new ArrayList<>();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      parents.add(path.substring(0, slash));
    }
    return parents;
  }
}
