package org.lading.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/** Makes Jackson's factories of JSON parsers and generators. */
public final class JsonFactories {
  /** The factory of parsers and generators with Jackson's own settings. */
  public static final JsonFactory DEFAULT = builder().build();

  private JsonFactories() {}

  /**
   * Makes a builder of a factory whose buffers come from a pool of the application: buffers kept by
   * the container's threads would keep an undeployed application in memory.
   */
  public static JsonFactoryBuilder builder() {
    return new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool());
  }
}
