package io.mayfly.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.persistence.plugin.ByteReader;
import io.mayfly.persistence.plugin.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeysTest {
  @Test
  void numbered_ofRandomNames_sortsByBytesThenNumber() {
    Random random = Seeds.random();
    for (int round = 0; round < 20_000; round++) {
      String first = name(random);
      String second = random.nextInt(4) == 0 ? first : name(random);
      long firstNumber = random.nextLong() & Long.MAX_VALUE;
      long secondNumber = random.nextLong() & Long.MAX_VALUE;
      int byName = Arrays.compareUnsigned(utf8(first), utf8(second));
      int expected = byName != 0 ? byName : Long.compare(firstNumber, secondNumber);

      int actual =
          Arrays.compareUnsigned(
              Keys.numbered(first, firstNumber), Keys.numbered(second, secondNumber));

      assertThat(Integer.signum(actual)).isEqualTo(Integer.signum(expected));
    }
  }

  @Test
  void numberedEnd_ofAName_isAfterItsNumbersAndBeforeTheNextName() {
    for (String name : new String[] {"a", "a\0", "a\1", "é", ""}) {
      byte[] end = Keys.numberedEnd(name);

      assertThat(Arrays.compareUnsigned(end, Keys.numbered(name, Long.MAX_VALUE))).isPositive();
      assertThat(Arrays.compareUnsigned(end, Keys.numbered(name + '\0', 0))).isNegative();
    }
  }

  @Test
  void instant_ofRandomInstants_sortsAndReadsBack() {
    Random random = Seeds.random();
    for (int round = 0; round < 20_000; round++) {
      Instant first = instant(random);
      Instant second = instant(random);
      byte[] firstBytes = new ByteWriter(12).instant(first).toBytes();
      byte[] secondBytes = new ByteWriter(12).instant(second).toBytes();

      assertThat(Integer.signum(Arrays.compareUnsigned(firstBytes, secondBytes)))
          .isEqualTo(Integer.signum(first.compareTo(second)));
      assertThat(new ByteReader(firstBytes).instant()).isEqualTo(first);
    }
  }

  private static Instant instant(Random random) {
    long seconds = random.nextInt(3) == 0 ? -random.nextLong(1L << 40) : random.nextLong(1L << 40);
    return Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000));
  }

  private static String name(Random random) {
    String alphabet = "\0\1\2ab\u00e9\uffee";
    StringBuilder name = new StringBuilder();
    for (int length = random.nextInt(4); length > 0; length--) {
      name.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return name.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
