package io.mayfly.http;

import io.mayfly.http.value.Format;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Responses that are no problems. */
final class Responses {
  static final ContentType CBOR = MediaTypes.APPLICATION_CBOR.toContentType();
  private static final HttpResponse OK = HttpResponse.create();

  private Responses() {}

  /** A response with a document. */
  static HttpResponse document(
      int status, List<HttpHeader> headers, Format format, ByteString body) {
    HttpResponse response = status == 200 ? OK : OK.withStatus(status);
    return response
        .withHeaders(headers)
        .withEntity(
            HttpEntities.create(
                format == Format.JSON ? ContentTypes.APPLICATION_JSON : CBOR, body));
  }

  /** A response without a body. */
  static HttpResponse empty(int status, List<HttpHeader> headers) {
    return OK.withStatus(status).withHeaders(headers);
  }

  /** The headers of a document that is not to be kept. */
  static List<HttpHeader> documentHeaders() {
    List<HttpHeader> headers = new ArrayList<>(2);
    headers.add(Headers.NO_CACHE);
    headers.add(Headers.VARY_ACCEPT);
    return headers;
  }

  /** What may be done with a path. */
  static HttpResponse options(String allow) {
    return empty(204, List.of(RawHeader.create("Allow", allow)));
  }
}
