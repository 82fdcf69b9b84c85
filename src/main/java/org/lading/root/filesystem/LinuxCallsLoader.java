package org.lading.root.filesystem;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ToNativeConverter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native library of JNA, which {@link LinuxCalls} needs, once for a class loader.
 *
 * <p>JNA copies it out of its jar and removes the copy as soon as it is loaded. It takes the
 * directory for the copy from a system property, which other applications in the same container see
 * too: it is set for the time of the loading only, and only if nobody has set it.
 *
 * <p>JNA links a whole class with {@link Native#register(Class)}, and then keeps that class for
 * ever, and with it the class loader of an undeployed application: it never lets go of each method,
 * which it needs for conversions of arguments that these do not have. So the methods are linked one
 * by one, as JNA does it itself, but with a method of the JDK in its place; and without its {@code
 * NativeLibrary}, which starts a process to look for libraries.
 */
final class LinuxCallsLoader {
  /** JNA's system property with the directory for the copy. */
  private static final String DIRECTORY = "jna.tmpdir";

  /** JNA's system property with the directory of a library that was installed by hand. */
  private static final String INSTALLED = "jna.boot.library.path";

  /** How JNA's native code converts an argument: {@code CVT_DEFAULT} and {@code CVT_ARRAY_BYTE}. */
  private static final int CONVERT_NOTHING = 0;

  private static final int CONVERT_BYTE_ARRAY = 6;

  /** JNA's default flags for opening a library. */
  private static final int DEFAULT_FLAGS = -1;

  private static final Logger log = LoggerFactory.getLogger(LinuxCallsLoader.class);
  private static @Nullable LinuxCalls calls;
  private static boolean tried;

  private LinuxCallsLoader() {}

  /** Returns the calls, or null where they cannot be made; the log then says why. */
  static synchronized @Nullable LinuxCalls get() {
    tryToLoad();
    return calls;
  }

  /** Loads the library by way of a directory, which is made, and removed. */
  @SuppressWarnings("LockOnNonEnclosingClassLiteral")
  static void load(Path directory) {
    // All applications of the process share the property, and nothing else of theirs is the same.
    synchronized (System.class) {
      boolean isSet = System.getProperty(INSTALLED, System.getProperty(DIRECTORY)) != null;
      try {
        Files.createDirectories(directory);
        if (!isSet) {
          System.setProperty(DIRECTORY, directory.toString());
        }
        tryToLoad();
        Files.delete(directory);
      } catch (IOException e) {
        log.warn("The directory {} for native code cannot be made or removed", directory, e);
      } finally {
        if (!isSet) {
          System.clearProperty(DIRECTORY);
        }
      }
    }
  }

  private static synchronized void tryToLoad() {
    if (tried || !System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    tried = true;
    try {
      LinuxCalls found = LinuxCalls.of(System.getProperty("os.arch", ""));
      if (found != null) {
        linkApart();
        found.probe();
        calls = found;
      }
    } catch (IOException | LinkageError | RuntimeException e) {
      log.warn(
          "Roots are read without openat2, which cannot be used here; docs/limitations.md says what"
              + " that means. If the native library of JNA could not be loaded, name a directory for"
              + " it that is not mounted noexec with the system property {}",
          DIRECTORY,
          e);
    }
  }

  /** Links on a thread that ends, since JNA leaves objects in the thread's local variables. */
  private static void linkApart() throws IOException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(LinuxCallsLoader::link, "lading-native");
    thread.setUncaughtExceptionHandler((failed, e) -> failure.set(e));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while native code was loaded");
    }
    if (failure.get() != null) {
      throw new IOException("native code cannot be loaded", failure.get());
    }
  }

  private static void link() {
    try {
      long process = (long) ofNative("open", 2).invoke(null, null, DEFAULT_FLAGS);
      for (Method method : Libc.class.getDeclaredMethods()) {
        if (Modifier.isNative(method.getModifiers())) {
          link(method, (long) ofNative("findSymbol", 2).invoke(null, process, method.getName()));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    // JNA keeps a thread for some seconds, and with it the class loader of an undeployed
    // application.
    ClassLoader loader = Native.class.getClassLoader();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("JNA Cleaner") && thread.getClass().getClassLoader() == loader) {
        thread.interrupt();
      }
    }
  }

  /** Does for one method what {@link Native#register(Class)} does for all. */
  private static void link(Method method, long function) throws ReflectiveOperationException {
    Class<?>[] parameters = method.getParameterTypes();
    int[] conversions = new int[parameters.length];
    long[] types = new long[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      boolean isArray = parameters[i] == byte[].class;
      conversions[i] = isArray ? CONVERT_BYTE_ARRAY : CONVERT_NOTHING;
      types[i] = type(isArray ? Pointer.class : parameters[i]);
    }
    Class<?> result = method.getReturnType();
    ofNative("registerMethod", 16)
        .invoke(
            null,
            Libc.class,
            method.getName(),
            MethodType.methodType(result, parameters).toMethodDescriptorString(),
            conversions,
            types,
            types.clone(),
            CONVERT_NOTHING,
            type(result),
            type(result),
            Object.class.getMethod("hashCode"),
            function,
            Function.C_CONVENTION,
            false,
            new ToNativeConverter[parameters.length],
            null,
            StandardCharsets.UTF_8.name());
  }

  private static Method ofNative(String name, int parameters) throws NoSuchMethodException {
    Method found =
        Arrays.stream(Native.class.getDeclaredMethods())
            .filter(method -> method.getName().equals(name))
            .filter(method -> method.getParameterCount() == parameters)
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(name));
    found.setAccessible(true);
    return found;
  }

  /** Returns the address of libffi's description of a type. */
  private static long type(Class<?> type) throws ReflectiveOperationException {
    Method get =
        Class.forName("com.sun.jna.Structure$FFIType").getDeclaredMethod("get", Object.class);
    get.setAccessible(true);
    return Pointer.nativeValue(((Structure) get.invoke(null, type)).getPointer());
  }
}
