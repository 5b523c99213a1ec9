package io.mayfly.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * The page for people: one document with its style and its script, and nothing from elsewhere. Its
 * policy lets a browser run that script and that style and no other, and speak to this node alone.
 */
final class Page {
  private Page() {}

  /** The response that shows a document. */
  static HttpResponse of(byte[] document) {
    String html = new String(document, StandardCharsets.UTF_8);
    return HttpResponse.create()
        .withHeaders(
            List.of(
                Headers.NO_CACHE,
                RawHeader.create("Content-Security-Policy", policy(html)),
                RawHeader.create("X-Content-Type-Options", "nosniff"),
                RawHeader.create("Referrer-Policy", "no-referrer")))
        .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, document));
  }

  private static String policy(String html) {
    return "default-src 'none'; connect-src 'self'; img-src data:; script-src "
        + hash(between(html, "<script>", "</script>"))
        + "; style-src "
        + hash(between(html, "<style>", "</style>"))
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  private static String between(String html, String open, String close) {
    int from = html.indexOf(open) + open.length();
    return html.substring(from, html.indexOf(close, from));
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
