package io.mayfly.http;

import static io.mayfly.http.BatchMembers.Member.BY;
import static io.mayfly.http.BatchMembers.Member.EXPIRES_AT;
import static io.mayfly.http.BatchMembers.Member.FENCE;
import static io.mayfly.http.BatchMembers.Member.IDEMPOTENCY_KEY;
import static io.mayfly.http.BatchMembers.Member.IF_MATCH;
import static io.mayfly.http.BatchMembers.Member.IF_NONE_MATCH;
import static io.mayfly.http.BatchMembers.Member.INITIAL;
import static io.mayfly.http.BatchMembers.Member.KEY;
import static io.mayfly.http.BatchMembers.Member.NAMESPACE;
import static io.mayfly.http.BatchMembers.Member.NOT_BEFORE;
import static io.mayfly.http.BatchMembers.Member.OP;
import static io.mayfly.http.BatchMembers.Member.PATCH;
import static io.mayfly.http.BatchMembers.Member.PRODUCER;
import static io.mayfly.http.BatchMembers.Member.SEQUENCE;
import static io.mayfly.http.BatchMembers.Member.TTL;
import static io.mayfly.http.BatchMembers.Member.VALUE;
import static io.mayfly.http.BatchMembers.Member.VERSION_VECTOR;
import static io.mayfly.http.BatchMembers.Member.WRITTEN_AT;

import io.mayfly.http.BatchMembers.Member;
import io.mayfly.http.caller.Caller;
import io.mayfly.http.caller.Right;
import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Origin;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.RetryKey;
import io.mayfly.protocol.entry.Stamp;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Value;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the operations of one batch into the commands that the single calls send. */
final class BatchReader {
  private static final Set<Member> READING =
      EnumSet.of(OP, NAMESPACE, KEY, IF_MATCH, IF_NONE_MATCH, PRODUCER);
  private static final Set<Member> DELETING =
      with(READING, IDEMPOTENCY_KEY, FENCE, SEQUENCE, VERSION_VECTOR, WRITTEN_AT);
  private static final Set<Member> TOUCHING = with(DELETING, TTL, EXPIRES_AT);
  private static final Set<Member> PUTTING = with(TOUCHING, VALUE, NOT_BEFORE);
  private static final Set<Member> PATCHING = with(TOUCHING, PATCH);
  private static final Set<Member> INCREMENTING = with(TOUCHING, BY, INITIAL);

  private final Format format;
  private final Caller caller;
  private final Origin origin;

  /**
   * A reader of one batch.
   *
   * @param caller whose rights each operation is held against
   * @param origin who asks, where an operation does not name its own producer
   */
  BatchReader(Format format, Caller caller, Origin origin) {
    this.caller = caller;
    this.format = format;
    this.origin = origin;
  }

  private static Set<Member> with(Set<Member> base, Member... more) {
    Set<Member> all = EnumSet.copyOf(base);
    all.addAll(Set.of(more));
    return all;
  }

  /** Reads one operation; throws the problem that it has. */
  BatchOperation read(byte[] document) {
    BatchMembers members = ValueCodec.parsed(format, document, BatchMembers::read);
    String op = members.op;
    if (op == null) {
      throw BatchMembers.invalid(OP, "it is missing");
    }
    return switch (op) {
      case "get" -> get(members);
      case "put" -> put(members);
      case "patch" -> patch(members);
      case "increment" -> increment(members);
      case "touch" -> touch(members);
      case "delete" -> delete(members);
      default ->
          throw BatchMembers.invalid(OP, "expected put, get, delete, touch, increment or patch");
    };
  }

  private BatchOperation get(BatchMembers members) {
    members.only(READING);
    return new BatchOperation(
        id(members, Right.READ), EntryCommand.Read.CURRENT, members.precondition());
  }

  private BatchOperation put(BatchMembers members) {
    members.only(PUTTING);
    Value value = required(VALUE, members.value);
    return mutation(members, new EntryCommand.Put(value, members.notBefore, terms(members, false)));
  }

  private BatchOperation patch(BatchMembers members) {
    members.only(PATCHING);
    Value patch = required(PATCH, members.patch);
    Change change =
        members.patchIsArray
            ? JsonPatchReader.read(Format.CBOR, patch.cbor())
            : new Change.MergePatch(patch);
    return mutation(members, new EntryCommand.Patch(change, terms(members, false)));
  }

  private BatchOperation increment(BatchMembers members) {
    members.only(INCREMENTING);
    Value by = members.by == null ? Increment.ONE : members.by;
    Value initial = members.initial == null ? Increment.ZERO : members.initial;
    return mutation(members, new EntryCommand.Increment(by, initial, terms(members, true)));
  }

  private BatchOperation touch(BatchMembers members) {
    members.only(TOUCHING);
    return mutation(members, new EntryCommand.Touch(terms(members, false)));
  }

  private BatchOperation delete(BatchMembers members) {
    members.only(DELETING);
    return mutation(members, new EntryCommand.Delete(terms(members, false)));
  }

  private BatchOperation mutation(BatchMembers members, EntryCommand command) {
    return new BatchOperation(id(members, Right.WRITE), command, Precondition.NONE);
  }

  private static <T> T required(Member member, @Nullable T read) {
    if (read == null) {
      throw BatchMembers.invalid(member, "it is missing");
    }
    return read;
  }

  private EntryId id(BatchMembers members, Right right) {
    String namespace = required(NAMESPACE, members.namespace);
    String key = required(KEY, members.key);
    EntryId id = Call.entry(namespace, key);
    if (!caller.may(right, namespace)) {
      throw Access.forbidden(right, namespace).exception();
    }
    return id;
  }

  private Terms terms(BatchMembers members, boolean showsValue) {
    Origin from =
        members.producer == null
            ? origin
            : new Origin(members.producer, origin.caller(), origin.traceparent());
    Stamp stamp = new Stamp(members.sequence, members.versionVector, members.writtenAt, showsValue);
    return new Terms(
        members.lifespan(),
        members.precondition(),
        from,
        members.fence,
        members.idempotencyKey == null
            ? null
            : new RetryKey(members.idempotencyKey, members.fingerprint(), showsValue),
        Stamps.of(stamp, from.producer()));
  }
}
