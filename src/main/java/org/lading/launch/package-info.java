/**
 * Runs the WAR without a container: {@code java -jar downloads.war}. At the root of the WAR, where
 * no container looks for classes. Sees nothing of the application but what the servlet API shows.
 */
@NullMarked
package org.lading.launch;

import org.jspecify.annotations.NullMarked;
