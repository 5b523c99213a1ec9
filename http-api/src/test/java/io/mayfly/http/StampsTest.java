package io.mayfly.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.VersionVector;
import java.time.Instant;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StampsTest {
  private static Stamp read(String... namesAndValues) {
    HttpRequest request = HttpRequest.PUT("/v1/state/ns/k");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      request = request.addHeader(RawHeader.create(namesAndValues[i], namesAndValues[i + 1]));
    }
    return Stamps.of(RequestHeaders.of(request), false);
  }

  @Test
  void request_withoutHeaders_hasNoPlace() {
    assertThat(read()).isEqualTo(Stamp.NONE);
  }

  @Test
  void headers_areRead() {
    Stamp stamp =
        read(
            "Mayfly-Producer", "cart",
            "Mayfly-Sequence", "17",
            "Mayfly-Version-Vector", "cart=3,  price=9",
            "Mayfly-Written-At", "2026-01-02T03:04:05.678Z");

    assertThat(stamp)
        .isEqualTo(
            new Stamp(
                17,
                new VersionVector(Map.of("cart", 3L, "price", 9L)),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mayfly-Sequence       | 0",
        "Mayfly-Sequence       | -1",
        "Mayfly-Sequence       | 1.5",
        "Mayfly-Sequence       | 9007199254740992",
        "Mayfly-Version-Vector | cart",
        "Mayfly-Version-Vector | cart=",
        "Mayfly-Version-Vector | cart=-1",
        "Mayfly-Version-Vector | Cart=1",
        "Mayfly-Version-Vector | cart=1,",
        "Mayfly-Version-Vector | price=1",
        "Mayfly-Version-Vector | cart=0",
        "Mayfly-Written-At     | yesterday",
      })
  void header_thatIsMalformed_isRefused(String name, String value) {
    assertThatThrownBy(() -> read("Mayfly-Producer", "cart", name, value))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_PARAMETER));
  }

  @Test
  void vector_withoutAProducer_isRefused() {
    assertThatThrownBy(() -> read("Mayfly-Version-Vector", "cart=1"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("Mayfly-Producer");
  }
}
