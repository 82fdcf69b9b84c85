package org.lading.base;

/**
 * A task of a pool that is ended from outside when its thread is stuck in a step that nothing
 * interrupts, such as a call of a file system that does not answer.
 */
@FunctionalInterface
public interface Abandonable {
  /**
   * Ends the task with a failure, so that nobody waits for its thread any more; called on another
   * thread. What the thread does when it returns late has no effect. Further calls do nothing.
   */
  void abandon(RuntimeException reason);
}
