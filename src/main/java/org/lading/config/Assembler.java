package org.lading.config;

/** Who makes the archive behind a download URL. */
public enum Assembler {
  /** mod_zip where the call came through one and the entries are few enough, else Lading. */
  AUTO,
  /** Always nginx's mod_zip. */
  MOD_ZIP,
  /** Always Lading. */
  EMBEDDED
}
