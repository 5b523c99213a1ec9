package io.mayfly.http;

import io.mayfly.http.value.Format;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Change;
import io.mayfly.protocol.entry.Entries;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.Value;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Changing one entry. Everything that can be wrong with a request is found before it is sent. */
final class EntryMutations {
  private final Entries entries;

  EntryMutations(Entries entries) {
    this.entries = entries;
  }

  /** {@code PUT}: create or replace. */
  CompletionStage<HttpResponse> put(Call call) {
    EntryId id = call.entry();
    Value value = ValueCodec.read(call.body().format(), call.body().array());
    EntryCommand command =
        new EntryCommand.Put(value, call.query().instant(Parameter.NOT_BEFORE), call.terms(false));
    return send(call, id, command, false);
  }

  /** {@code PATCH}: a merge patch or a JSON Patch. */
  CompletionStage<HttpResponse> patch(Call call) {
    EntryId id = call.entry();
    Body body = call.body();
    Change change =
        body.jsonPatch()
            ? JsonPatchReader.read(Format.JSON, body.array())
            : new Change.MergePatch(ValueCodec.read(Format.JSON, body.array()));
    return send(call, id, new EntryCommand.Patch(change, call.terms(false)), false);
  }

  /** {@code POST …/increment}. */
  CompletionStage<HttpResponse> increment(Call call) {
    EntryId id = call.entry();
    Increment increment = Increment.read(call.body());
    EntryCommand command =
        new EntryCommand.Increment(
            increment.by(), increment.initial(), increment.termsWithin(call.terms(true)));
    return send(call, id, command, true);
  }

  /** {@code POST …/touch}. */
  CompletionStage<HttpResponse> touch(Call call) {
    return send(call, call.entry(), new EntryCommand.Touch(call.terms(false)), false);
  }

  /** {@code DELETE}. */
  CompletionStage<HttpResponse> delete(Call call) {
    return send(call, call.entry(), new EntryCommand.Delete(call.terms(false)), false);
  }

  /** {@code POST …/rollback}. */
  CompletionStage<HttpResponse> rollback(Call call) {
    EntryId id = call.entry();
    long revision = Rollback.read(call.body());
    return send(call, id, new EntryCommand.Rollback(revision, call.terms(false)), false);
  }

  private CompletionStage<HttpResponse> send(
      Call call, EntryId id, EntryCommand command, boolean showsValue) {
    Acceptance acceptance = new Acceptance(id, call.format(), call.preference(), showsValue);
    return entries.send(id, command, call.timeout()).thenApply(reply -> reply.match(acceptance));
  }
}
