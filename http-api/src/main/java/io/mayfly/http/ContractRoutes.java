package io.mayfly.http;

import io.mayfly.http.caller.Caller;
import io.mayfly.http.caller.Right;
import io.mayfly.http.value.Format;
import io.mayfly.protocol.contract.ContractDocument;
import io.mayfly.protocol.contract.ContractPrecondition;
import io.mayfly.protocol.contract.ContractReading;
import io.mayfly.protocol.contract.ContractRefusal;
import io.mayfly.protocol.contract.ContractRegistry;
import io.mayfly.protocol.contract.ContractReply;
import io.mayfly.protocol.contract.ContractTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Reading and changing contracts. */
final class ContractRoutes {
  private final ContractRegistry registry;

  ContractRoutes(ContractRegistry registry) {
    this.registry = registry;
  }

  /** {@code PUT /v1/contracts/{ns}}. Everything wrong with the document is found at once. */
  CompletionStage<HttpResponse> put(Call call) {
    String namespace = call.namespace();
    Shown shown = new Shown(call, namespace, ContractPrecondition.NONE);
    ContractTerms terms = terms(call);
    ContractReading.Result<ContractDocument> result =
        ContractReading.document(ContractBody.read(call.body()), namespace, registry.standard());
    if (!result.valid()) {
      throw ContractRefusals.invalid(namespace, result.violations()).exception();
    }
    return registry
        .put(result.read(), terms, call.timeout())
        .thenApply(reply -> reply.match(shown));
  }

  /** {@code GET}, {@code HEAD /v1/contracts/{ns}}. */
  CompletionStage<HttpResponse> get(Call call) {
    String namespace = call.namespace();
    Shown shown = new Shown(call, namespace, Conditions.ofContract(call.headers()));
    return registry.get(namespace, call.timeout()).thenApply(reply -> reply.match(shown));
  }

  /** {@code DELETE /v1/contracts/{ns}}. */
  CompletionStage<HttpResponse> delete(Call call) {
    String namespace = call.namespace();
    Shown shown = new Shown(call, namespace, ContractPrecondition.NONE);
    return registry
        .delete(namespace, terms(call), call.timeout())
        .thenApply(reply -> reply.match(shown));
  }

  /** {@code GET /v1/contracts}. */
  CompletionStage<HttpResponse> list(Call call) {
    Shown shown = new Shown(call, "", ContractPrecondition.NONE);
    return registry.list(call.timeout()).thenApply(reply -> reply.match(shown));
  }

  private static ContractTerms terms(Call call) {
    return new ContractTerms(
        Conditions.ofContract(call.headers()),
        call.query().choice(Parameter.FORCE, "false", "true"),
        call.origin());
  }

  /** How a reply is shown. */
  private static final class Shown implements ContractReply.Cases<HttpResponse> {
    private final Caller caller;
    private final String namespace;
    private final Format format;
    private final Preference preference;
    private final ContractPrecondition precondition;

    private Shown(Call call, String namespace, ContractPrecondition precondition) {
      this.caller = call.caller();
      this.namespace = namespace;
      this.format = call.format();
      this.preference = Preference.of(call.headers().prefer());
      this.precondition = precondition;
    }

    @Override
    public HttpResponse stored(ContractReply.Stored reply) {
      List<HttpHeader> headers = headers(reply.document());
      if (reply.created()) {
        headers.add(RawHeader.create("Location", "/v1/contracts/" + namespace));
      }
      if (preference != Preference.RECEIPT) {
        headers.add(preference.applied());
      }
      return preference == Preference.MINIMAL
          ? Responses.empty(reply.created() ? 201 : 204, headers)
          : Responses.document(
              reply.created() ? 201 : 200,
              headers,
              format,
              ContractDocuments.one(format, reply.document()));
    }

    @Override
    public HttpResponse withdrawn(ContractReply.Withdrawn reply) {
      return Responses.empty(204, Responses.documentHeaders());
    }

    @Override
    public HttpResponse found(ContractReply.Found reply) {
      long version = reply.document().version();
      if (!precondition.matches(version)) {
        return refused(ContractRefusal.of(ContractRefusal.Reason.PRECONDITION_FAILED, version));
      }
      List<HttpHeader> headers = headers(reply.document());
      return precondition.noneMatches(version)
          ? Responses.document(
              200, headers, format, ContractDocuments.one(format, reply.document()))
          : Responses.empty(304, headers);
    }

    /** Shows the documents of the namespaces that the caller may read. */
    @Override
    public HttpResponse listed(ContractReply.Listed reply) {
      List<ContractDocument> visible =
          reply.documents().stream()
              .filter(document -> caller.may(Right.READ, document.namespace()))
              .toList();
      return Responses.document(
          200, Responses.documentHeaders(), format, ContractDocuments.all(format, visible));
    }

    @Override
    public HttpResponse refused(ContractRefusal reply) {
      throw ContractRefusals.problem(namespace, reply).exception();
    }

    private static List<HttpHeader> headers(ContractDocument document) {
      List<HttpHeader> headers = new ArrayList<>(5);
      headers.add(Headers.etag(ContractRefusals.etag(document.version())));
      headers.add(Headers.NO_CACHE);
      headers.add(Headers.VARY_ACCEPT);
      return headers;
    }
  }
}
