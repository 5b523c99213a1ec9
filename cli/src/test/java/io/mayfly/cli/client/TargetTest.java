package io.mayfly.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Names in the target of a request, and addresses of servers. */
final class TargetTest {
  @Test
  void key_withAnyText_isOneSegment() {
    assertThat(Target.entry("demo", "a/b ?&%ü|").then("touch").with("ttl", "1 s").with("x", null))
        .hasToString("/v1/state/demo/a%2Fb%20%3F%26%25%C3%BC%7C/touch?ttl=1%20s");
  }

  @Test
  void parameters_several_areJoined() {
    assertThat(Target.of("/v1/state", "demo").with("a", 1).with("b", "é"))
        .hasToString("/v1/state/demo?a=1&b=%C3%A9");
  }

  @Test
  void address_withoutScheme_isHttp() {
    Address address = Address.of("127.0.0.1:8080/", " ", Duration.ZERO);

    assertThat(address.server()).hasToString("http://127.0.0.1:8080");
    assertThat(address.token()).isNull();
  }

  @Test
  void address_ofAnotherKind_isRefused() {
    for (String text : new String[] {"ftp://host", "http://", "http://h?x=1", "http://a b"}) {
      assertThatThrownBy(() -> Address.of(text, null, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
