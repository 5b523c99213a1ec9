package io.mayfly.http;

import io.mayfly.http.value.Format;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.Outcome;
import io.mayfly.protocol.entry.Receipt;
import io.mayfly.protocol.entry.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** How an accepted mutation is answered. */
final class Acceptance extends Expecting<HttpResponse> {
  private final EntryId id;
  private final Format format;
  private final Preference preference;
  private final boolean showsValue;

  /**
   * An answer about this entry.
   *
   * @param showsValue whether the receipt carries the value
   */
  Acceptance(EntryId id, Format format, Preference preference, boolean showsValue) {
    this.id = id;
    this.format = format;
    this.preference = preference;
    this.showsValue = showsValue;
  }

  @Override
  public HttpResponse accepted(EntryReply.Accepted reply) {
    Receipt receipt = reply.receipt();
    boolean created = receipt.outcome() == Outcome.CREATED;
    List<HttpHeader> headers = headers(receipt, created);
    if (reply.replayed()) {
      headers.add(Headers.REPLAYED);
    }
    if (preference == Preference.MINIMAL) {
      headers.add(preference.applied());
      return Responses.empty(created ? 201 : 204, headers);
    }
    ByteString body;
    if (preference == Preference.REPRESENTATION && reply.value() != null) {
      headers.add(preference.applied());
      body = Documents.value(format, reply.value());
    } else {
      body = Documents.receipt(format, id, receipt, showsValue ? reply.value() : null);
    }
    return Responses.document(created ? 201 : 200, headers, format, body);
  }

  @Override
  public HttpResponse shadowed(EntryReply.Shadowed reply) {
    List<HttpHeader> headers = new ArrayList<>(3);
    headers.add(Headers.durability(reply.durability()));
    headers.add(Headers.NO_CACHE);
    headers.add(Headers.VARY_ACCEPT);
    return Responses.document(202, headers, format, Documents.shadowed(format, id, reply));
  }

  private List<HttpHeader> headers(Receipt receipt, boolean created) {
    List<HttpHeader> headers = new ArrayList<>(7);
    headers.add(Headers.etag(receipt.version().etag()));
    if (receipt.versionVector() != null) {
      headers.add(Headers.versionVector(receipt.versionVector()));
    }
    headers.add(Headers.expiresAt(receipt.expiresAt()));
    headers.add(Headers.durability(receipt.durability()));
    headers.add(Headers.NO_CACHE);
    headers.add(Headers.VARY_ACCEPT);
    if (created) {
      headers.add(
          RawHeader.create(
              "Location",
              "/v1/state/" + id.namespace() + '/' + PercentCoding.encodeSegment(id.key())));
    }
    return headers;
  }

  @Override
  public HttpResponse refused(Refusal reply) {
    throw Refusals.problem(id, reply).exception();
  }
}
