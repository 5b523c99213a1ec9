package io.mayfly.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class ResponseTest {
  private static final String CREATED =
      "HTTP/1.1 201 Created\r\nServer: x\r\nCONTENT-length: 5\r\nCache-Control: no-cache\r\n\r\nhello";

  @Test
  void response_everyPrefix_isIncomplete() {
    for (int count = 0; count < CREATED.length(); count++) {
      assertThat(read(CREATED.substring(0, count))).isEqualTo(Response.INCOMPLETE);
    }
  }

  @Test
  void response_whole_givesItsStatus() {
    assertThat(read(CREATED)).isEqualTo(201);
  }

  @Test
  void response_withoutBody_endsWithItsHead() {
    assertThat(read("HTTP/1.1 204 No Content\r\nETag: \"1.1\"\r\n\r\n")).isEqualTo(204);
  }

  @Test
  void response_chunked_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
  }

  private static int read(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return Response.read(bytes, bytes.length);
  }
}
