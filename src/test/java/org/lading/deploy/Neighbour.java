package org.lading.deploy;

import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** Makes another web application, which has libraries of the same names as Lading's. */
final class Neighbour {
  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <servlet>
          <servlet-name>page</servlet-name>
          <servlet-class>org.lading.app.Page</servlet-class>
        </servlet>
        <servlet-mapping>
          <servlet-name>page</servlet-name>
          <url-pattern>/page</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  private static final Map<String, String> SOURCES =
      Map.of(
          "org/lading/app/Page.java",
          """
          package org.lading.app;
          public class Page extends jakarta.servlet.http.HttpServlet {
            @Override
            protected void doGet(
                jakarta.servlet.http.HttpServletRequest request,
                jakarta.servlet.http.HttpServletResponse response)
                throws java.io.IOException {
              response.getWriter().print(
                  "" + org.yaml.snakeyaml.Yaml.VERSION
                      + com.fasterxml.jackson.core.JsonFactory.VERSION);
            }
          }
          """,
          "org/yaml/snakeyaml/Yaml.java",
          """
          package org.yaml.snakeyaml;
          public class Yaml { public static final Object VERSION = "another yaml, "; }
          """,
          "com/fasterxml/jackson/core/JsonFactory.java",
          """
          package com.fasterxml.jackson.core;
          public class JsonFactory { public static final Object VERSION = "another json"; }
          """);

  private Neighbour() {}

  /** What its {@code /page} says: only its own libraries can say so. */
  static final String PAGE = "another yaml, another json";

  /** What its {@code /static.txt} says. */
  static final String STATIC = "a file of the neighbour";

  /** Builds the WAR file below the directory. */
  static Path war(Path directory) throws IOException {
    Path classes = Files.createDirectories(directory.resolve("neighbour/classes"));
    compile(Files.createDirectories(directory.resolve("neighbour/source")), classes);
    Path war = directory.resolve("neighbour.war");
    try (FileSystem zip =
            FileSystems.newFileSystem(URI.create("jar:" + war.toUri()), Map.of("create", "true"));
        var files = Files.walk(classes)) {
      Files.createDirectories(zip.getPath("WEB-INF"));
      Files.writeString(zip.getPath("static.txt"), STATIC);
      Files.writeString(zip.getPath("WEB-INF/web.xml"), WEB_XML);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path inside = zip.getPath("WEB-INF/classes", classes.relativize(file).toString());
        Files.createDirectories(inside.getParent());
        Files.copy(file, inside);
      }
    }
    return war;
  }

  private static void compile(Path source, Path classes) throws IOException {
    for (Map.Entry<String, String> file : SOURCES.entrySet()) {
      Path java = source.resolve(file.getKey());
      Files.createDirectories(java.getParent());
      Files.writeString(java, file.getValue());
    }
    Path servletApi =
        Path.of(HttpServlet.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                servletApi.toString()));
    SOURCES.keySet().forEach(name -> arguments.add(source.resolve(name).toString()));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IllegalStateException("javac ended with " + result);
    }
  }
}
