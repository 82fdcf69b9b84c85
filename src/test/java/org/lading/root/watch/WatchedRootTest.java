package org.lading.root.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lading.root.Root;
import org.lading.root.filesystem.FilesystemRoot;
import org.lading.root.filesystem.FilesystemRootSettings;
import org.lading.root.filesystem.FilesystemRootSettings.Serve;
import org.lading.testing.HangingRoot;
import org.lading.testing.RawFiles;
import org.lading.testing.Traces;

/** The watch stands before every root. */
class WatchedRootTest {
  /** Its default is a call of another method. */
  private static final String SHORT_FORM = "open(Item,long)";

  @Test
  void everyMethodOfARoot_isPassedOn() {
    assertThat(signatures(WatchedRoot.class))
        .containsAll(
            signatures(Root.class).stream().filter(one -> !one.equals(SHORT_FORM)).toList());
  }

  /** As when the application stops just while a source is being closed. */
  @Test
  void closeThatWasGivenUp_isDoneWhenItReturns(@TempDir Path directory) throws Exception {
    RawFiles.writeAll(directory, Map.of("a.txt", new byte[3]));
    HangingRoot hanging =
        new HangingRoot(
            new FilesystemRoot(new FilesystemRootSettings("main", directory, false, Serve.DIRECT)));
    RootWatch watch = new RootWatch(WatchLimits.DEFAULT, Clock.systemUTC(), System::nanoTime);
    Root root = watch.watched(hanging);
    InputStream content = root.open(root.file("a.txt"), 0);
    hanging.hang("close");
    FutureTask<Void> closing =
        new FutureTask<>(
            () -> {
              content.close();
              return null;
            });
    new Thread(closing).start();
    Traces.awaited(hanging::inside, inside -> inside == 1);
    watch.giveUpAll();
    assertThat(watch.givenUp("main")).isEqualTo(1);
    hanging.comeBack();
    assertThat(closing.get(20, TimeUnit.SECONDS)).isNull();
  }

  private static Set<String> signatures(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(WatchedRootTest::signature)
        .collect(Collectors.toSet());
  }

  private static String signature(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
