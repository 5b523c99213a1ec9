package io.mayfly.http;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.ledger.LedgerRow;
import io.mayfly.protocol.ledger.ListQuery;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Where a list goes on, as text that clients hand back unread. */
final class Cursor {
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 1 + Long.BYTES;
  private static final int TEXT_MAX = 1024;

  private Cursor() {}

  /** The cursor after this row. */
  static String after(LedgerRow row) {
    byte[] key = row.id().key().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + key.length);
    bytes.put(VERSION).putLong(row.expiresAt().toEpochMilli()).put(key);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * Reads a cursor.
   *
   * @throws IllegalArgumentException when the text is none that was ever handed out
   */
  static ListQuery.Position parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw new IllegalArgumentException("cursor: too long");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    if (bytes.remaining() <= HEAD_BYTES || bytes.get() != VERSION) {
      throw new IllegalArgumentException("cursor: unknown");
    }
    Instant expiresAt = Instant.ofEpochMilli(bytes.getLong());
    try {
      String key = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return new ListQuery.Position(new EntryId("cursor", key).key(), expiresAt);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("cursor: no UTF-8", e);
    }
  }
}
