package org.lading.request;

import org.lading.manifest.names.NamePolicy;

/**
 * The settings of create requests, however they come.
 *
 * @param maxTargets the maximum number of targets of a request
 * @param form the form that they have
 * @param names what happens to names that some system could not unpack
 */
public record RequestRules(int maxTargets, RequestForm form, NamePolicy names) {
  /** Copies these rules with another form. */
  public RequestRules with(RequestForm other) {
    return new RequestRules(maxTargets, other, names);
  }
}
