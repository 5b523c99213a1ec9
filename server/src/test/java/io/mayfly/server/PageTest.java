package io.mayfly.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page for people, in a browser. Screenshots are kept where {@code mayfly.screenshots} says.
 */
final class PageTest {
  @Test
  void page_loadsNothingFromElsewhereAndRunsOnlyItsOwn(@TempDir Path data) {
    try (TestNode node = TestNode.start(data, Map.of())) {
      Answer page = node.get("/").is(200);

      assertThat(page.header("Content-Type")).startsWith("text/html");
      assertThat(page.header("Content-Security-Policy"))
          .startsWith("default-src 'none'; connect-src 'self'; img-src data:; script-src 'sha256-")
          .doesNotContain("unsafe");
      assertThat(page.text()).doesNotContain("http://").doesNotContain("https://");
      assertThat(page.bytes().length).isLessThan(32 * 1024);
    }
  }

  @Test
  void page_showsTheNodeLive(@TempDir Path data, @TempDir Path profile) throws Exception {
    try (Browser browser = Browser.start(profile);
        TestNode node = TestNode.start(data, Map.of())) {
      node.put(
              "/v1/contracts/carts",
              "{\"lifetime\":{\"default\":\"20m\"},\"privacy\":\"personal\"}")
          .is(201);
      for (int i = 0; i < 8; i++) {
        node.put("/v1/state/carts/cart-" + i + "?ttl=" + (i + 2) + "m", "1").is(201);
      }
      node.put("/v1/state/carts/<b>&?ttl=1m".replace("<b>&", "%3Cb%3E%26"), "1").is(201);

      browser.open(node.uri());
      browser.await("document.getElementById('state').textContent === 'live'");
      browser.await("document.getElementById('queues').textContent.includes('node')");
      browser.await("document.getElementById('members').textContent.includes('this node')");
      browser.await("/entry \\d+, lease \\d+, volatile-entry \\d+/.test(members.textContent)");
      browser.await("document.getElementById('namespaces').textContent.includes('v1, journaled')");
      browser.await("document.getElementById('standing').textContent === '9'");
      browser.run("[...document.querySelectorAll('#namespaces button')][0].click()");
      browser.await("document.querySelectorAll('#entries tr').length === 9");
      assertThat(browser.text("document.querySelector('#entries button').textContent"))
          .isEqualTo("<b>&");
      browser.await("document.getElementById('events-state').textContent === 'live'");

      node.put("/v1/state/carts/cart-0", "2", "Mayfly-Producer", "cart-svc").is(200);
      node.delete("/v1/state/carts/cart-7").is(200);

      browser.await("document.getElementById('events').textContent.includes('deleted')");
      browser.await("document.querySelectorAll('#entries tr').length === 8");
      keep(browser, "page.png");
      browser.run("tell('cart-0')");
      browser.await("document.querySelectorAll('#story tr').length === 2");
      browser.await("document.getElementById('story').textContent.includes('cart-svc')");
      keep(browser, "story.png");
      assertThat(browser.text("violations.length")).isEqualTo("0");
    }
  }

  @Test
  void page_ofANodeWithTokens_asksForOne(@TempDir Path data, @TempDir Path profile)
      throws Exception {
    TestTokens tokens = new TestTokens().with("me", List.of("*"), "read", "write");
    try (Browser browser = Browser.start(profile);
        TestNode node = TestNode.configured(data, tokens.settings())) {
      browser.open(node.uri());
      browser.await("!document.getElementById('ask').hidden");

      String token = tokens.of("me").replace("Bearer ", "");
      browser.run("document.getElementById('token').value = '" + token + "'");
      browser.run("document.querySelector('#token-form button').click()");

      browser.await("document.getElementById('state').textContent === 'live'");
      browser.await("document.getElementById('members').textContent.includes('this node')");
      assertThat(browser.text("document.getElementById('ask').hidden")).isEqualTo("true");
      assertThat(browser.text("sessionStorage.getItem('mayfly-token')")).isEqualTo(token);
      assertThat(browser.text("localStorage.length")).isEqualTo("0");
    }
  }

  private static void keep(Browser browser, String name) throws IOException {
    String directory = System.getProperty("mayfly.screenshots");
    if (directory != null) {
      Files.write(Path.of(directory).resolve(name), browser.screenshot());
    }
  }
}
