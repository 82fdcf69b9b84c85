package org.lading.modzip;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.lading.base.ByteBuilder;
import org.lading.root.Root;

/**
 * Writes the references by which nginx comes back to Lading for single entries of a download, and
 * recognises them. A reference is {@code <root>/<id>/<attempt>/<number of the entry>}, and its
 * proof an HMAC of that, which only a manifest for nginx holds: so that no client can ask for what
 * nginx asks for.
 */
public final class EntryLocations {
  /** The request header with the proof. */
  public static final String PROOF_HEADER = "X-Archive-Entry-Proof";

  /**
   * The request header by which nginx tells with {@value #LITERALS_VALUE} that it comes back for
   * literals.
   */
  public static final String LITERALS_HEADER = "X-Archive-Literals";

  /** The value of {@link #LITERALS_HEADER}. */
  public static final String LITERALS_VALUE = "proxied";

  /** The beginning of the locations, all of which nginx keeps internal. */
  public static final String PREFIX = "/entry/";

  private static final String HMAC = "HmacSHA256";

  /** The bytes of an HMAC that make a proof, which nobody can try out within a download's time. */
  private static final int PROOF_BYTES = 16;

  private final SecretKeySpec key;

  /** Makes an object for all downloads; {@code secret} is that of all nodes, 32 bytes. */
  public EntryLocations(byte[] secret) {
    this.key = new SecretKeySpec(secret, HMAC);
  }

  /**
   * A download whose entries are referred to.
   *
   * @param root the name of its root
   * @param id its id
   * @param attempt the number of the attempt that made its entries
   * @param entries the number of its entries
   * @param bytes the sum of its files' sizes
   */
  public record Archive(String root, String id, int attempt, long entries, long bytes) {}

  /** Returns whether a proof is that of an entry. */
  public boolean isProof(String id, int attempt, long entry, @Nullable String proof) {
    return proof != null
        && MessageDigest.isEqual(ascii(proof), ascii(proof(mac(), id, attempt, entry)));
  }

  /** Returns a writer for the entries of one download; for one thread. */
  public Writer of(Archive archive) {
    return new Writer(archive);
  }

  private Mac mac() {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  private static String proof(Mac mac, String id, int attempt, long entry) {
    byte[] hash = mac.doFinal(ascii(id + "/" + attempt + "/" + entry));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, PROOF_BYTES));
  }

  /** Writes references to the entries of one download. */
  public final class Writer {
    private final Archive archive;
    private final byte[] reference;
    private final Mac mac = mac();

    private Writer(Archive archive) {
      this.archive = archive;
      this.reference =
          ascii(PREFIX + archive.root() + "/" + archive.id() + "/" + archive.attempt() + "/");
    }

    /** Returns whether a root's locations are to be signed when nginx comes to each. */
    boolean areSignedLate(Root root) {
      return root.isSignedPerEntry(archive.entries(), archive.bytes());
    }

    /**
     * Appends the location of an entry that is signed when nginx comes to it, or of a literal in
     * the database.
     */
    void appendLocation(long entry, ByteBuilder line) {
      line.append(reference).appendDecimal(entry).append('?').append(proof(entry));
    }

    /**
     * Appends what stands before the location of an entry in a store, so that nginx comes back for
     * its bytes if the store refuses it.
     */
    void appendFallback(long entry, ByteBuilder line) {
      line.append(reference).appendDecimal(entry).append('/').append(proof(entry));
    }

    private String proof(long entry) {
      return EntryLocations.proof(mac, archive.id(), archive.attempt(), entry);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
