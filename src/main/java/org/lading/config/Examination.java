package org.lading.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a settings file.
 *
 * @param file the name of the file, without its directory
 * @param faults the faults in the order of the file, with their lines
 * @param passedKeys the keys that were passed over, in the order of the file
 * @param configuration the settings; null if there are faults
 * @param section the values as they stand in the file; null if it is no mapping of settings
 */
record Examination(
    String file,
    List<String> faults,
    List<PassedKeys.PassedKey> passedKeys,
    @Nullable Configuration configuration,
    @Nullable SectionReader section) {}
