package org.lading.benchmark;

import com.sun.management.OperatingSystemMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Looks into another JVM of this machine from outside. */
public final class ProcessProbe implements AutoCloseable {
  private final JMXConnector connector;
  private final MemoryMXBean memory;
  private final ThreadMXBean threads;
  private final List<MemoryPoolMXBean> heap;
  private final OperatingSystemMXBean system;

  /** Attaches to the process of that id; the address comes from the process itself. */
  @SuppressWarnings("BanJNDI")
  public ProcessProbe(long pid) throws IOException {
    connector = JMXConnectorFactory.connect(address(pid));
    MBeanServerConnection connection = connector.getMBeanServerConnection();
    memory =
        ManagementFactory.newPlatformMXBeanProxy(
            connection, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connection, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    heap =
        ManagementFactory.getPlatformMXBeans(connection, MemoryPoolMXBean.class).stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    system =
        ManagementFactory.newPlatformMXBeanProxy(
            connection,
            ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME,
            OperatingSystemMXBean.class);
  }

  /**
   * The bytes of heap that a collection, which it runs, left in use; nothing of what was allocated
   * since.
   */
  public long usedAfterGc() {
    memory.gc();
    long used = 0;
    for (MemoryPoolMXBean pool : heap) {
      used += pool.getCollectionUsage().getUsed();
    }
    return used;
  }

  /** How many threads live now. */
  public int threads() {
    return threads.getThreadCount();
  }

  /** How long processors have worked for it so far, whatever else they had to do. */
  public long cpuNanos() {
    return system.getProcessCpuTime();
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }

  private static JMXServiceURL address(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return new JMXServiceURL(machine.startLocalManagementAgent());
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("no JVM to look into: " + pid, e);
    }
  }
}
