package io.mayfly.http;

import io.mayfly.http.value.Format;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** How a resource's reply is answered. */
final class LeaseAnswer implements LeaseReply.Cases<HttpResponse> {
  private final LeaseId id;
  private final Format format;

  LeaseAnswer(LeaseId id, Format format) {
    this.id = id;
    this.format = format;
  }

  @Override
  public HttpResponse defined(LeaseReply.Defined reply) {
    List<HttpHeader> headers = Responses.documentHeaders();
    if (reply.created()) {
      headers.add(
          RawHeader.create(
              "Location",
              "/v1/leases/" + id.namespace() + '/' + PercentCoding.encodeSegment(id.name())));
    }
    return Responses.document(
        reply.created() ? 201 : 200, headers, format, LeaseDocuments.view(format, reply.view()));
  }

  @Override
  public HttpResponse granted(LeaseReply.Granted reply) {
    return Responses.document(
        200, headers(reply.replayed()), format, LeaseDocuments.granted(format, reply));
  }

  @Override
  public HttpResponse released(LeaseReply.Released reply) {
    return Responses.empty(204, headers(reply.replayed()));
  }

  @Override
  public HttpResponse found(LeaseReply.Found reply) {
    return Responses.document(
        200, Responses.documentHeaders(), format, LeaseDocuments.view(format, reply.view()));
  }

  @Override
  public HttpResponse story(LeaseReply.Story reply) {
    return Responses.document(
        200, Responses.documentHeaders(), format, LeaseDocuments.story(format, reply.events()));
  }

  @Override
  public HttpResponse settled(LeaseReply.Settled reply) {
    throw new IllegalStateException("no client asks a resource to settle");
  }

  @Override
  public HttpResponse refused(LeaseRefusal reply) {
    throw LeaseRefusals.problem(id, reply).exception();
  }

  private static List<HttpHeader> headers(boolean replayed) {
    List<HttpHeader> headers = new ArrayList<>(Responses.documentHeaders());
    if (replayed) {
      headers.add(Headers.REPLAYED);
    }
    return headers;
  }
}
