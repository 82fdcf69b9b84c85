package org.lading.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** Parses the YAML text of one file. */
final class YamlParser {
  private static final int MAX_DEPTH = 30;
  private static final int MAX_CODE_POINTS = 3 << 20;
  private static final int MAX_ALIASES = 200;

  private static final Pattern NAMED =
      Pattern.compile("((?:undefined|duplicate) (?:alias|anchor|tag handle)) .*", Pattern.DOTALL);

  private final FaultCollector faults;

  /** The values of nodes: an alias is its very node, and converting each once takes linear time. */
  private final IdentityHashMap<Node, YamlValue> converted = new IdentityHashMap<>();

  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Makes a parser that adds faults to a collector. */
  YamlParser(FaultCollector faults) {
    this.faults = faults;
  }

  /** Parses a text of one document; null after adding a fault. */
  @Nullable YamlValue parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CODE_POINTS);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    try {
      Node node = new Yaml(options).compose(new StringReader(text));
      if (node == null || isNull(node)) {
        faults.add("the file is empty");
        return null;
      }
      return convert(node);
    } catch (MarkedYAMLException e) {
      faults.add(line(e), "", "not YAML: " + problem(e) + cure(e) + erbHint(text));
    } catch (ReaderException e) {
      faults.add("not YAML: a character that is not allowed, at offset " + e.getPosition());
    } catch (YAMLException e) {
      faults.add("not YAML: " + e.getMessage());
    }
    return null;
  }

  private static int line(MarkedYAMLException e) {
    return e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
  }

  // Not the exception's message, which quotes the line, nor the name of an alias or a tag: an
  // unquoted password that begins with * or ! is parsed as one.
  private static String problem(MarkedYAMLException e) {
    String problem = NAMED.matcher(String.valueOf(e.getProblem())).replaceFirst("$1");
    return e.getContext() == null ? problem : e.getContext() + ", " + problem;
  }

  /** Returns what to look at where the parser's words are those of YAML's grammar. */
  private static String cure(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem());
    return problem.startsWith("expected <") || problem.contains("not allowed here")
        ? "; check the indentation of this line and of the lines before it, and the quotes"
        : "";
  }

  private static String erbHint(String text) {
    return text.contains("<%") ? " (ERB, <% %>, is not supported)" : "";
  }

  private YamlValue convert(Node node) {
    YamlValue known = converted.get(node);
    if (known != null) {
      return known;
    }
    if (!open.add(node)) {
      faults.add(line(node), "", "an alias refers to a value that contains it");
      return new YamlValue.Scalar(line(node), false, null);
    }
    YamlValue value = convertNew(node);
    open.remove(node);
    converted.put(node, value);
    return value;
  }

  private YamlValue convertNew(Node node) {
    boolean anchored = node.getAnchor() != null;
    if (!node.getTag().startsWith(Tag.PREFIX)) {
      faults.add(line(node), "", "tags are not supported; a value that begins with ! needs quotes");
    }
    if (node instanceof MappingNode mapping) {
      return new YamlValue.Mapping(line(node), anchored, fields(mapping));
    }
    if (node instanceof SequenceNode sequence) {
      List<YamlValue> values = new ArrayList<>();
      sequence.getValue().forEach(item -> values.add(convert(item)));
      return new YamlValue.Items(line(node), anchored, values);
    }
    String text = isNull(node) ? null : ((ScalarNode) node).getValue();
    return new YamlValue.Scalar(line(node), anchored, text);
  }

  private Map<String, YamlValue.Field> fields(MappingNode mapping) {
    Map<String, YamlValue.Field> fields = new LinkedHashMap<>();
    Map<String, YamlValue.Field> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (key.getTag().equals(Tag.MERGE)) {
        merge(convert(tuple.getValueNode()), merged);
      } else if (key instanceof ScalarNode scalar) {
        String name = withoutColon(scalar.getValue());
        var field = new YamlValue.Field(line(key), convert(tuple.getValueNode()));
        YamlValue.Field earlier = fields.putIfAbsent(name, field);
        if (earlier != null) {
          faults.add(line(key), name, "given twice, first in line " + earlier.line());
        }
      } else {
        faults.add(line(key), "", "a key must be a word");
      }
    }
    merged.forEach(fields::putIfAbsent);
    return fields;
  }

  // In a sequence of merged mappings the earlier ones win, as in YAML's merge type.
  private void merge(YamlValue source, Map<String, YamlValue.Field> merged) {
    if (source instanceof YamlValue.Mapping mapping) {
      mapping.fields().forEach(merged::putIfAbsent);
    } else if (source instanceof YamlValue.Items items
        && items.values().stream().allMatch(YamlValue.Mapping.class::isInstance)) {
      items.values().forEach(item -> merge(item, merged));
    } else {
      faults.add(source.line(), "<<", "only mappings can be merged");
    }
  }

  private static String withoutColon(String key) {
    return key.length() > 1 && key.startsWith(":") ? key.substring(1) : key;
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
