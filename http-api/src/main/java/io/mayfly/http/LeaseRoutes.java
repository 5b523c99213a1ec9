package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.protocol.lease.LeaseCommand;
import io.mayfly.protocol.lease.LeaseCommand.Acquire;
import io.mayfly.protocol.lease.LeaseCommand.Define;
import io.mayfly.protocol.lease.LeaseId;
import io.mayfly.protocol.lease.LeaseRefusal;
import io.mayfly.protocol.lease.LeaseReply;
import io.mayfly.protocol.lease.Leases;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Locks and semaphores. Everything that can be wrong with a request is found before it is sent. */
final class LeaseRoutes {
  private static final int HOLDER_LENGTH_MAX = 256;
  private static final int NONCE_BYTES = 12;
  private static final Set<String> DEFINITION = Set.of("capacity", "cooldown");
  private static final Set<String> ACQUISITION = Set.of("holder", "ttl", "permits", "wait");
  private static final Set<String> RENEWAL = Set.of("leaseId", "ttl");
  private static final Set<String> RELEASE = Set.of("leaseId");

  /** What every lease id fits; any other text was never one. */
  private static final Pattern LEASE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Leases leases;
  private final SecureRandom random = new SecureRandom();

  LeaseRoutes(Leases leases) {
    this.leases = leases;
  }

  /** {@code PUT}: create the resource, or give it another capacity and cooldown. */
  CompletionStage<HttpResponse> define(Call call) {
    LeaseId id = call.lease();
    if (call.body().isEmpty()) {
      return send(call, id, new Define(1, Duration.ZERO, call.leaseTerms()));
    }
    Fields fields = Fields.read(call.body(), DEFINITION);
    int capacity = fields.count("capacity", Define.CAPACITY_MAX + 1);
    if (capacity > Define.CAPACITY_MAX) {
      throw BodyErrors.at("/capacity", "The capacity is at most " + Define.CAPACITY_MAX + ".");
    }
    Duration cooldown = fields.duration("cooldown", Duration.ZERO);
    return send(call, id, new Define(capacity, cooldown, call.leaseTerms()));
  }

  /** {@code GET}: who holds, and how many wait. */
  CompletionStage<HttpResponse> read(Call call) {
    return send(call, call.lease(), LeaseCommand.Read.CURRENT);
  }

  /** {@code GET …/history}: what happened, newest last. */
  CompletionStage<HttpResponse> history(Call call) {
    return send(call, call.lease(), new LeaseCommand.ReadHistory(call.storyLimit()));
  }

  /** {@code POST …/acquire}: take permits, perhaps after a wait. */
  CompletionStage<HttpResponse> acquire(Call call) {
    LeaseId id = call.lease();
    Fields fields = Fields.read(call.body(), ACQUISITION);
    Acquire acquire =
        new Acquire(
            nonce(),
            fields.text("holder", HOLDER_LENGTH_MAX),
            fields.count("permits", Integer.MAX_VALUE),
            fields.duration("ttl"),
            fields.duration("wait", Duration.ZERO),
            call.retriedLeaseTerms());
    return acquire.waits() ? waitFor(call, id, acquire) : send(call, id, acquire);
  }

  /** {@code POST …/renew}. */
  CompletionStage<HttpResponse> renew(Call call) {
    LeaseId id = call.lease();
    Fields fields = Fields.read(call.body(), RENEWAL);
    String leaseId = leaseId(id, fields);
    return send(
        call,
        id,
        new LeaseCommand.Renew(leaseId, fields.duration("ttl"), call.retriedLeaseTerms()));
  }

  /** {@code POST …/release}. */
  CompletionStage<HttpResponse> release(Call call) {
    LeaseId id = call.lease();
    String leaseId = leaseId(id, Fields.read(call.body(), RELEASE));
    return send(call, id, new LeaseCommand.Release(leaseId, call.retriedLeaseTerms()));
  }

  /** A client that goes away while its acquire waits leaves the queue. */
  private CompletionStage<HttpResponse> waitFor(Call call, LeaseId id, Acquire acquire) {
    LeaseAnswer answer = new LeaseAnswer(id, call.format());
    Duration timeout = call.timeout();
    CompletionStage<LeaseReply> reply = leases.send(id, acquire, timeout);
    Runnable leave =
        () -> {
          var unused = leases.send(id, new LeaseCommand.Leave(acquire.nonce()), timeout);
        };
    call.peer().watch(leave);
    return reply
        .whenComplete((any, failure) -> call.peer().unwatch(leave))
        .thenApply(granted -> granted.match(answer));
  }

  private CompletionStage<HttpResponse> send(Call call, LeaseId id, LeaseCommand command) {
    LeaseAnswer answer = new LeaseAnswer(id, call.format());
    return leases.send(id, command, call.timeout()).thenApply(reply -> reply.match(answer));
  }

  private static String leaseId(LeaseId id, Fields fields) {
    String leaseId = fields.text("leaseId", Integer.MAX_VALUE);
    if (!LEASE_ID.matcher(leaseId).matches()) {
      Problem lost = LeaseRefusals.problem(id, LeaseRefusal.of(LeaseRefusal.Reason.LEASE_LOST));
      throw lost.exception();
    }
    return leaseId;
  }

  private String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
