package io.mayfly.persistence.rocksdb;

import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.ledger.LedgerChange;
import io.mayfly.protocol.ledger.LedgerRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.pekko.serialization.JSerializer;
import org.jspecify.annotations.Nullable;

/** Stores a {@link Noted} as its text, and as what it changes when it changes something. */
public final class NotedSerializer extends JSerializer {
  private static final String CHANGE = "\n";
  private static final String NOTHING = "-";

  @Override
  public int identifier() {
    return 70_001;
  }

  @Override
  public boolean includeManifest() {
    return false;
  }

  @Override
  public byte[] toBinary(Object event) {
    Noted noted = (Noted) event;
    if (noted.text().equals("unserializable")) {
      throw new IllegalArgumentException(noted.text());
    }
    LedgerChange change = noted.ledgerChange();
    String text =
        change.equals(Noted.NOTHING)
            ? noted.text()
            : String.join(
                CHANGE,
                noted.text(),
                text(change.before()),
                text(change.after()),
                text(change.wakeBefore()),
                text(change.wakeAfter()),
                Long.toString(change.purged()));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
    String[] parts = new String(bytes, StandardCharsets.UTF_8).split(CHANGE, -1);
    if (parts[0].equals("unreadable")) {
      throw new IllegalArgumentException(parts[0]);
    }
    return parts.length == 1
        ? Noted.of(parts[0])
        : new Noted(
            parts[0],
            new LedgerChange(
                row(parts[1]),
                row(parts[2]),
                instant(parts[3]),
                instant(parts[4]),
                Long.parseLong(parts[5])),
            false);
  }

  private static String text(@Nullable Object part) {
    if (part instanceof LedgerRow row) {
      return String.join(
          " ",
          row.id().text(),
          row.version().etag(),
          row.validFrom().toString(),
          row.expiresAt().toString());
    }
    return part == null ? NOTHING : part.toString();
  }

  private static @Nullable LedgerRow row(String text) {
    if (text.equals(NOTHING)) {
      return null;
    }
    String[] parts = text.split(" ", -1);
    return new LedgerRow(
        EntryId.parse(parts[0]),
        Version.fromEtag(parts[1]).orElseThrow(),
        Instant.parse(parts[2]),
        Instant.parse(parts[3]));
  }

  private static @Nullable Instant instant(String text) {
    return text.equals(NOTHING) ? null : Instant.parse(text);
  }
}
