package io.mayfly.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents that come one by one, and inputs that fall silent. */
final class ItemsTest {
  @Test
  void lines_withEmptyOnes_areRead() throws IOException {
    assertThat(read("\n {\"a\":1}\r\n\n{\"b\":2}\n3"))
        .containsExactly("{\"a\":1}\r", "{\"b\":2}", "3");
  }

  @Test
  void array_itsItems_areRead() throws IOException {
    assertThat(read(" [ {\"a\":1.50} , [2],\n\"x\" ] "))
        .containsExactly("{\"a\":1.50}", "[2]", "\"x\"");
  }

  @Test
  void array_broken_givesWhatStandsBefore() throws IOException {
    Items items = Items.of(bytes("[1, nix"));

    assertThat(items.next()).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(items::next)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void array_notClosed_isRefused() throws IOException {
    Items items = Items.of(bytes("[1"));

    assertThat(items.next()).isNotNull();
    assertThatThrownBy(items::next).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void line_beyondTheBound_isRefused() {
    Lines lines = new Lines(bytes("x".repeat(200_000)), 100_000);

    assertThatThrownBy(lines::next)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100000 bytes");
  }

  @Test
  void lines_longerThanTheBuffer_areWhole() throws IOException {
    String line = "y".repeat(150_000);

    assertThat(read(line + "\n" + line)).containsExactly(line, line);
  }

  @Test
  void ready_withAWholeLine_isTrueAndAtTheEndFalse() throws IOException {
    Lines lines = new Lines(bytes("1\n2\n"), 10);

    assertThat(lines.next()).isNotNull();
    assertThat(lines.ready()).isTrue();
    assertThat(lines.next()).isNotNull();
    assertThat(lines.ready()).isFalse();
  }

  @Test
  void silence_tooLong_closesTheInput() throws Exception {
    Silent silent = new Silent();
    try (Heard heard = new Heard(silent, Duration.ofMillis(100))) {
      assertThat(heard.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  /** Says nothing until it is closed. */
  private static final class Silent extends InputStream {
    private final java.util.concurrent.CountDownLatch closed =
        new java.util.concurrent.CountDownLatch(1);

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1);
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      try {
        return closed.await(20, java.util.concurrent.TimeUnit.SECONDS) ? -1 : 0;
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static List<String> read(String input) throws IOException {
    List<String> read = new ArrayList<>();
    try (Items items = Items.of(bytes(input))) {
      byte[] item;
      while ((item = items.next()) != null) {
        read.add(new String(item, StandardCharsets.UTF_8));
      }
    }
    return read;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
