package org.lading.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFaultsTest {
  private static final String REST = "\nstorage: /s\nroots: [{name: a, path: /a}]\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private List<String> faults(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("lading.yml"), content);
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationLoader.load(file, Map.of()))
        .faults();
  }

  private List<String> faults(String yaml) throws IOException {
    return faults(yaml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void allFaults_areReportedTogether_inTheOrderOfTheFile() throws IOException {
    assertThat(
            faults(
                """
                storag: /s
                retention_days: many
                roots:
                  - name: a/b
                    path: /a
                  - name: twice
                    bucket: no
                    aws_access_key_id: hidden
                    url_expiry: 8d
                  - name: twice
                    path: /x
                    bucket: both
                  - type: ftp
                  - just words
                limits: {entries: 0, body: 5 parsecs}
                clients:
                  - {name: c, token_sha256: hidden, roots: [nowhere]}
                database: {url: 'jdbc:postgresql:x', jndi: java:comp/env/jdbc/lading}
                nginx_url: https://user:hidden@host/
                """))
        .containsExactly(
            "lading.yml:1: storage: is required",
            "lading.yml:1: storag: unknown key; did you mean storage?",
            "lading.yml:2: retention_days: must be a whole number",
            "lading.yml:4: roots[0].name: may hold only letters, digits, dots, underscores and hyphens",
            "lading.yml:7: roots[1].bucket: must be 3 to 63 lower-case letters, digits, dots and hyphens",
            "lading.yml:8: roots[1].aws_access_key_id: needs aws_secret_access_key beside it",
            "lading.yml:9: roots[1].url_expiry: must be from 1 second to 7 days",
            "lading.yml:10: roots[2].name: another root is named twice",
            "lading.yml:10: roots[2]: has both path and bucket: a directory has a path, an S3 root a bucket",
            "lading.yml:13: roots[3].name: is required",
            "lading.yml:13: roots[3].type: must be one of filesystem, s3",
            "lading.yml:14: roots[4]: must be a mapping of settings",
            "lading.yml:15: limits.entries: must be at least 1",
            "lading.yml:15: limits.body: must be bytes, or a size like 64 MiB",
            "lading.yml:17: clients[0].token_sha256: must be the token's SHA-256 as 64 hex digits",
            "lading.yml:17: clients[0].roots: there is no root named nowhere",
            "lading.yml:18: database.jndi: excludes url: the container's DataSource has its own",
            "lading.yml:19: nginx_url: must be http://HOST or https://HOST, with no user, query or fragment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nginx_url: files.example.org | nginx_url: must be http://HOST
          nginx_url: https://host/?q=1 | nginx_url: must be http://HOST
          nginx_url: 'https://a/b c'   | nginx_url: is not a URL, at character 12
          nginx_url: [a]               | nginx_url: must be a single value
          assembler: nginx             | assembler: must be one of auto, mod_zip, embedded
          empty_directories: 1         | empty_directories: must be true or false
          mod_zip_max_entries: -1      | mod_zip_max_entries: must be from 0 to 2147483647
          retention_days: 0            | retention_days: must be from 1 to 3650
          limits: none                 | limits: must be a mapping of settings
          limits: {bytes: 99999999999999999999} | limits.bytes: must be bytes
          clients: everybody           | clients: must be the word open, or a list
          clients: {open: true}        | clients: must be a list
          clients: [{name: c}]         | clients[0].token_sha256: is required
          clients: [{name: public, secret: 0123456789abcdef0123456789abcdef}] | clients[0].name: public is what callers without a name are called
          clients: [{name: 'a:b', password: p}] | clients[0].name: must not have a colon or a control character
          clients: [{name: c, password: ''}] | clients[0].password: must not be empty
          clients: [{name: c, digest_ha1: []}] | clients[0].digest_ha1: is empty
          clients: [{name: c, digest_ha1: [abc]}] | clients[0].digest_ha1: must have one SHA-256 (64 hex digits), one MD5 (32), or one of each
          clients: [{name: c, digest_ha1: 0123456789abcdef0123456789abcdef}] | clients[0].digest_ha1: must be a list
          clients: [{name: c, token_sha256: '@', webhook_secret: '${UNSET}'}] | clients[0].webhook_secret: the environment variable UNSET is not set
          clients: [{name: c, password: p, digest_ha1: [abc]}] | clients[0].digest_ha1: excludes password
          clients: [{name: c, digest_ha1: [0123456789abcdef0123456789abcdef]}, {name: d, digest_ha1: [0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]}] | clients: have no digest_ha1 of one kind in common
          auth: {realm: 'a"b'} | auth.realm: must be printable ASCII
          auth: {users: {c: }} | auth.users.c: is required
          auth: {users: {public: p}} | auth.users.public: is what callers without a name are called
          auth: {users: {c: p}, user: x} | auth.user: unknown key; did you mean users?
          clients: [{name: c, secret: short}] | clients[0].secret: must have at least 32 bytes
          clients: [{name: c, secret: ''}] | clients[0].secret: must not be empty
          clients: [{name: c, secrets: []}] | clients[0].secrets: must be a mapping of settings
          clients: [{name: c, secrets: {}}] | clients[0].secrets: is empty
          clients: [{name: c, secrets: {k: short}}] | clients[0].secrets.k: must have at least 32 bytes
          clients: [{name: c, secret: 0123456789abcdef0123456789abcdef, secrets: {k: 0123456789abcdef0123456789abcdeg}}] | clients[0].secrets: excludes secret
          clients: [{name: c, secrets: {k: 0123456789abcdef0123456789abcdef, l: 0123456789abcdef0123456789abcdef}}] | clients[0].secrets.l: is used twice
          clients: [{name: c, token_sha256: '@', webhook_secret: hidden}] | clients[0].webhook_secret: must be whsec_ and 24 to 64 bytes in base64
          clients: [{name: c, token_sha256: '@', webhook_secrets: []}] | clients[0].webhook_secrets: must list one secret, or two
          clients: [{name: c, token_sha256: '@', webhook_secrets: [whsec_hidden]}] | clients[0].webhook_secrets: must be whsec_
          clients: [{name: c, token_sha256: '@', webhook_secrets: [whsec_hiddenhiddenhiddenhiddenhidden00, whsec_hiddenhiddenhiddenhiddenhidden00]}] | clients[0].webhook_secrets: is used twice
          clients: [{name: c, token_sha256: '@', webhook_secret: whsec_hiddenhiddenhiddenhiddenhidden00, webhook_secrets: [whsec_hiddenhiddenhiddenhiddenhidden01]}] | clients[0].webhook_secrets: excludes webhook_secret
          webhooks: [https://a]        | webhooks: must be a mapping of settings
          webhooks: {alow: []}         | webhooks.alow: unknown key; did you mean allow?
          webhooks: {allow: https://a} | webhooks.allow: must be a list
          webhooks: {allow: ['https://u:hidden@a']} | webhooks.allow: each must be https://HOST
          webhooks: {allow: ['https://a?hidden=1']} | webhooks.allow: each must be https://HOST
          webhooks: {allow: ['*']}     | webhooks.allow: each must be https://HOST
          link_life: 1s                | link_life: must be from
          link_reuse: 13h              | link_reuse: must be from
          database: {url: 'h2:x'}      | database.url: must be the JDBC URL of a PostgreSQL database
          database: {url: 'jdbc:sqlite:x'} | database.url: must be the JDBC URL of a PostgreSQL
          database: {url: 'jdbc:h2:mem:x'} | database.url: Lading no longer uses H2
          database: {directory: /d, jndi: x} | database.directory: is that of the embedded database
          database: {password: hidden} | database.password: belongs to a database with a url
          assembler: ${UNSET}          | assembler: the environment variable UNSET is not set
          assembler: ${oops            | assembler: ${ does not begin ${NAME}
          assembler: ${A-b}            | assembler: ${A is not followed by } or :-
          assembler: <%= erb %>        | assembler: ERB (<% %>) is not supported
          smtp: !ruby/object x         | tags are not supported
          assembler: ${A:-${B}}        | assembler: the default of ${A:-} has a reference of its own
          assembler: ${A:-x${B:-y}}    | assembler: the default of ${A:-} has a reference of its own
          limits: {body: 64}           | limits.body: must be at least 1024
          checksum_budget: 256         | checksum_budget: must be at least 65536
          nginx_url: 'http://my_host'  | nginx_url: has an underscore in its host name
          nginx_url: 'http://a_b:80/x' | nginx_url: has an underscore in its host name
          nginx_url: 'http://host:0'   | nginx_url: has a port that is none
          retention_days: 3 # fine | NONE
          """)
  void wrongSetting_isToldWithItsPlace(String setting, String fault) throws IOException {
    if (fault.equals("NONE")) {
      Path file = Files.writeString(directory.resolve("lading.yml"), setting + REST);
      assertThat(ConfigurationLoader.load(file, Map.of()).retentionDays()).isEqualTo(3);
    } else {
      assertThat(faults(setting.replace("@", "a".repeat(64)) + REST))
          .singleElement()
          .asString()
          .startsWith("lading.yml:1: " + fault)
          .doesNotContain("hidden");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {name: .., path: /a}               | .name: .. is reserved
          {name: a, bucket: bbb, prefix: a/../b} | .prefix: has a segment ..
          {name: create, path: /a}           | .name: create is reserved
          {name: Web-Inf, path: /a}          | .name: Web-Inf is reserved
          {name: zip, path: /a}              | .name: zip is reserved
          {name: Browse, path: /a}           | .name: Browse is reserved
          {name: estimate, path: /a}         | .name: estimate is reserved
          {name: LIST, path: /a}             | .name: LIST is reserved
          {name: health, path: /a}           | .name: health is reserved
          {name: limits, bucket: bbb}        | .name: limits is reserved
          {name: entry, path: /a}            | .name: entry is reserved
          {name: OpenAPI.json, path: /a}     | .name: OpenAPI.json is reserved
          {name: ''  , path: /a}             | .name: must not be empty
          {name: b}                          | : needs a path (a directory) or a bucket (S3)
          {name: b, path: ''}                | .path: must not be empty
          {name: b, path: "/a\\0"}           | .path: is not a path
          {name: b, path: /b, serve: never}  | .serve: must be one of links, direct
          {name: b, path: /b, region: x}     | .region: unknown key: remove it
          {name: b, type: s3, path: /b}      | .bucket: is required
          {name: b, bucket: internal}        | .bucket: internal would collide
          {name: b, bucket: downloads}       | .bucket: downloads would collide
          {name: b, bucket: Upper_Case}      | .bucket: must be 3 to 63 lower-case
          {name: b, bucket: b/c}             | .bucket: must be 3 to 63 lower-case
          {name: b, bucket: bbb, aws_secret_access_key: hidden} | .aws_secret_access_key: needs aws_access_key_id
          {name: b, bucket: bbb, aws_session_token: hidden}     | .aws_session_token: needs aws_access_key_id
          {name: b, bucket: bbb, endpoint: 'ftp://host'}        | .endpoint: must be http://HOST
          {name: b, bucket: bbb, url_expiry: soon}              | .url_expiry: must be seconds
          {name: b, bucket: bbb, region: 'us east'}             | .region: may hold only
          {name: b, path: '~/files'}         | .path: begins with ~, which is not replaced
          {name: b, path: ~bob/files}        | .path: begins with ~, which is not replaced
          {name: b, path: 'file:///srv'}     | .path: is a URL, not a path
          {name: b, path: 's3://bbb/x'}      | .path: is a URL, not a path
          {name: b, path: $HOME/files}       | .path: begins with a variable in another form
          {name: b, path: '%HOME%/files'}    | .path: begins with a variable in another form
          {name: b, path: 'C:\\files'}       | .path: is a path of Windows
          {name: b, bucket: a..b}            | .bucket: has two dots in a row
          {name: b, bucket: a..b, endpoint: 'http://minio:9000'} | .bucket: has two dots in a row
          {name: b, bucket: 192.168.1.1}     | .bucket: has the form of an IP address
          {name: b, bucket: b--use1-az4--x-s3} | .bucket: is a directory bucket
          {name: b, bucket: b--table-s3}     | .bucket: is a directory bucket or a table bucket
          {name: b, bucket: xn--b}           | .bucket: begins as no bucket of AWS does
          {name: b, bucket: sthree-b}        | .bucket: begins as no bucket of AWS does
          {name: b, bucket: 's3://bbb'}      | .bucket: is a URL or an ARN
          {name: b, bucket: 'arn:aws:s3:::b'} | .bucket: is a URL or an ARN
          {name: b, bucket: under_score}     | .bucket: must be 3 to 63 lower-case letters, digits, dots and hyphens, or needs force_path_style: true for a store that allows more; no host name may have an underscore
          {name: b, bucket: bbb, region: US-EAST-1}  | .region: must be in lower case: us-east-1
          {name: b, bucket: bbb, region: us-east-1a} | .region: is no region of AWS
          {name: b, bucket: bbb, region: EU}         | .region: is no region of AWS
          {name: b, bucket: bbb, endpoint: 'http://minio_server:9000'} | .endpoint: has an underscore in its host name
          {name: b, bucket: bbb, endpoint: 'http://host/?x=1'} | .endpoint: must be http://HOST
          {name: b, bucket: bbb, endpoint: 'http://host:0'}    | .endpoint: has a port that is none
          {name: b, bucket: bbb, endpoint: 'http://bbb.minio'} | .endpoint: begins with the bucket
          {name: b, bucket: bbb, endpoint: 'https://s3.amazonaws.com/bbb'} | .endpoint: has a path
          {name: b, bucket: bbb, region: us-east-2, endpoint: 'https://s3.eu-west-1.amazonaws.com'} | .endpoint: is of another region than us-east-2
          {name: b, bucket: bbb, aws_access_key_id: AKIAIOSFODNN7EXAMPLE, aws_secret_access_key: "hidden\\n"} | .aws_secret_access_key: has white space
          {name: b, bucket: bbb, aws_access_key_id: x, aws_secret_access_key: AKIAIOSFODNN7EXAMPLE} | .aws_secret_access_key: is the id of a key
          {name: b, bucket: bbb, aws_access_key_id: ASIAIOSFODNN7EXAMPLE, aws_secret_access_key: hidden} | .aws_access_key_id: is temporary
          """)
  void wrongRoot_isToldWithItsPlace(String root, String fault) throws IOException {
    assertThat(faults("storage: /s\nroots:\n  - {name: a, path: /a}\n  - " + root + "\n"))
        .anySatisfy(line -> assertThat(line).startsWith("lading.yml:4: roots[1]" + fault))
        .noneSatisfy(line -> assertThat(line).contains("hidden"));
  }

  @Test
  void bucketThatNoHostNameCarries_needsPathStyle() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("lading.yml"),
            "{storage: /s, roots: [{name: a, bucket: Upper_Case, force_path_style: true}]}");

    assertThat(ConfigurationLoader.load(file, Map.of()).roots())
        .first()
        .extracting("bucket")
        .isEqualTo("Upper_Case");
  }

  @Test
  void oneBucketAtTwoPlaces_isAFault() throws IOException {
    assertThat(
            faults(
                """
                storage: /s
                roots:
                  - {name: a, bucket: content, prefix: a, region: us-east-2}
                  - {name: b, bucket: content, prefix: b}
                  - {name: c, bucket: content, region: eu-west-1}
                  - {name: d, bucket: content, endpoint: 'http://127.0.0.1:9000'}
                """))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("nginx could not tell them apart"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("lading.yml:5: roots[2].bucket: "),
            line -> assertThat(line).startsWith("lading.yml:6: roots[3].bucket: "));
  }

  @Test
  void storageInsideARoot_isAFault() throws IOException {
    assertThat(faults("storage: /a/b/../s\nroots: [{name: a, path: /a}]\n"))
        .containsExactly("lading.yml:1: storage: must not lie inside the root a");
    assertThat(faults("storage: /s\ndatabase: {directory: /a/db}\nroots: [{name: a, path: /a}]\n"))
        .containsExactly("lading.yml:2: database.directory: must not lie inside the root a");
  }

  @Test
  void rootAmongTheFilesOfTheStorage_isAFault() throws IOException {
    assertThat(faults("storage: /s\nroots: [{name: a, path: /s/content/x}]\n"))
        .containsExactly("lading.yml:1: storage: has the root a where Lading keeps its own files");
  }

  @Test
  void namesAndPrefixesThatAreTooLong_areFaults() throws IOException {
    assertThat(
            faults(
                "storage: /s\nroots:\n  - {name: %s, path: /a}\n  - {name: b, bucket: bbb, prefix: %s}\n"
                    .formatted("n".repeat(256), "p".repeat(1025))))
        .containsExactly(
            "lading.yml:3: roots[0].name: has more than 255 characters",
            "lading.yml:4: roots[1].prefix: has more than 1024 bytes, as no key has");
  }

  /** What AWS does not have, another store may. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bucket: xn--b, region: garage, endpoint: 'http://garage:3900'",
        "bucket: bbb, region: US-EAST-1, endpoint: 'http://ceph/store'",
        "bucket: under_score, force_path_style: true",
        "bucket: bbb, region: us-gov-west-1, endpoint: 'https://s3-fips.us-gov-west-1.amazonaws.com'",
        "bucket: bbb, region: eusc-de-east-1",
        "bucket: alias-1a2b3c-s3alias, region: us-east-1",
        "bucket: bbb, prefix: /",
        "path: ./files~",
        "path: a$b"
      })
  void settingThatCanWork_isNoFault(String root) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("lading.yml"), "{storage: /s, roots: [{name: a, " + root + "}]}");
    assertThat(ConfigurationLoader.load(file, Map.of()).roots().get(0).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /my/coll        | the prefix begins with a slash
          s3://bbb/coll   | the prefix has two slashes in a row
          my//coll        | the prefix has two slashes in a row
          coll//          | the prefix has two slashes in a row
          ./coll          | the prefix has a segment .
          my%20coll       | the prefix has %XX
          my\\coll        | the prefix has %XX, a backslash
          coll*           | the prefix has %XX, a backslash or a star
          '"coll "'       | the prefix begins or ends with white space
          """)
  void prefixThatLooksLikeSomethingElse_isAWarning(String prefix, String warning)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("lading.yml"),
            "storage: /s\nroots:\n  - name: a\n    bucket: bbb\n    prefix: " + prefix + "\n");
    assertThat(ConfigurationLoader.load(file, Map.of()).roots().get(0).warnings())
        .singleElement()
        .asString()
        .startsWith(warning);
  }

  @Test
  void duplicateKeys_areFaults_alsoAcrossTheTwoSpellings() throws IOException {
    assertThat(faults("storage: /s\nroots:\n- name: a\n  path: /a\n  :name: b\nstorage: /t\n"))
        .containsExactly(
            "lading.yml:5: name: given twice, first in line 3",
            "lading.yml:6: storage: given twice, first in line 1");
  }

  @Test
  void brokenYaml_isOneFaultWithItsPlace_thatDoesNotQuoteTheLine() throws IOException {
    assertThat(faults("storage: /s\ndatabase:\n  password: hidden: hidden\n"))
        .singleElement()
        .asString()
        .startsWith("lading.yml:3: not YAML: ")
        .contains("check the indentation of this line")
        .doesNotContain("hidden");
    for (String password : List.of("*hidden", "!hidden", "!hid!den", "!<hidden>", "%hidden")) {
      assertThat(faults("storage: /s\ndatabase:\n  password: " + password + "\n"))
          .as(password)
          .isNotEmpty()
          .noneSatisfy(line -> assertThat(line).contains("hid"));
    }
    assertThat(faults("a: &a [*b]\n")).singleElement().asString().startsWith("lading.yml:1: ");
    assertThat(faults("storage: /s\n---\nstorage: /t\n")).hasSize(1);
    assertThat(faults("<% if x %>\nstorage: /s\n")).singleElement().asString().contains("ERB");
  }

  @Test
  void fileThatIsNoMapping_isOneFault() throws IOException {
    assertThat(faults("")).containsExactly("lading.yml: the file is empty");
    assertThat(faults("# nothing\n---\n")).containsExactly("lading.yml: the file is empty");
    assertThat(faults("- a\n")).containsExactly("lading.yml:1: must be a mapping of settings");
    assertThat(faults("a\u0000b: c")).singleElement().asString().contains("not allowed");
    assertThat(faults(new byte[] {'a', ':', ' ', (byte) 0xff}))
        .containsExactly("lading.yml: is not UTF-8");
  }

  @Test
  void fileThatIsNotThere_isAFault() {
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () -> ConfigurationLoader.load(directory.resolve("none.yml"), Map.of()))
                .faults())
        .singleElement()
        .asString()
        .startsWith("none.yml: no such file: ");
  }

  @Test
  void unknownEnvironment_isAFaultThatNamesTheOthers() throws IOException {
    assertThat(faults("staging: {storage: /s}\ntest: {storage: /s}\n"))
        .containsExactly(
            "lading.yml:1: neither settings (roots, storage, ...) nor the environment production;"
                + " LADING_ENV chooses one of: staging, test");
  }

  @Test
  @Timeout(10)
  void recursionAndAliasBombs_areBounded() throws IOException {
    assertThat(faults("storage: /s\nroots: &r\n  - *r\n")).isNotEmpty();
    assertThat(faults("storage: /s\ndatabase: &d\n  <<: *d\n")).isNotEmpty();
    StringBuilder bomb = new StringBuilder("storage: /s\nl0: &l0 [a]\n");
    for (int i = 1; i <= 60; i++) {
      bomb.append("l%d: &l%d [*l%d, *l%d, *l%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertThat(faults(bomb.toString())).isNotEmpty();
    assertThat(faults("a: " + "[".repeat(10_000))).hasSize(1);
  }
}
