package org.lading.deploy;

import jakarta.servlet.http.HttpServlet;
import java.io.File;
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
import org.sqlite.JDBC;

/**
 * Makes another web application, which has libraries of the same names as Lading's, and one that is
 * the same and loads the same native library.
 */
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
                      + com.fasterxml.jackson.core.JsonFactory.VERSION + answerOfSqlite());
            }
            private static String answerOfSqlite() {
              try (java.sql.Connection database =
                      new org.sqlite.JDBC().connect("jdbc:sqlite::memory:", new java.util.Properties());
                  java.sql.Statement statement = database.createStatement();
                  java.sql.ResultSet row = statement.executeQuery("select ', a native ' || 'library'")) {
                row.next();
                return row.getString(1);
              } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
              }
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
  static final String PAGE = "another yaml, another json, a native library";

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
      Files.createDirectories(zip.getPath("WEB-INF/lib"));
      Files.copy(jarOf(JDBC.class), zip.getPath("WEB-INF/lib/sqlite-jdbc.jar"));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path inside = zip.getPath("WEB-INF/classes", classes.relativize(file).toString());
        Files.createDirectories(inside.getParent());
        Files.copy(file, inside);
      }
    }
    return war;
  }

  private static Path jarOf(Class<?> one) {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static void compile(Path source, Path classes) throws IOException {
    for (Map.Entry<String, String> file : SOURCES.entrySet()) {
      Path java = source.resolve(file.getKey());
      Files.createDirectories(java.getParent());
      Files.writeString(java, file.getValue());
    }
    Path servletApi = jarOf(HttpServlet.class);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                servletApi + File.pathSeparator + jarOf(JDBC.class)));
    SOURCES.keySet().forEach(name -> arguments.add(source.resolve(name).toString()));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IllegalStateException("javac ended with " + result);
    }
  }
}
