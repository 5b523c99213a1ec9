package io.mayfly.persistence.rocksdb;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.serialization.JSerializer;
import org.jspecify.annotations.Nullable;

/** Stores a {@link Noted} as its text. */
public final class NotedSerializer extends JSerializer {
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
    String text = ((Noted) event).text();
    if (text.equals("unserializable")) {
      throw new IllegalArgumentException(text);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
    return Noted.of(new String(bytes, StandardCharsets.UTF_8));
  }
}
