package io.mayfly.actors.entry;

import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.contract.Renewal;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryReply.Found;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Terms;
import io.mayfly.protocol.entry.Version;
import java.time.Instant;
import java.util.Objects;

/** What can be seen of an entry. */
final class Reads {
  private Reads() {}

  static Decision read(
      Life life, Story story, Memory memory, EntryCommand.Read command, Situation situation) {
    if (!command.renews() || situation.contract().lifetime().renewal() != Renewal.SLIDING) {
      return Decision.answer(view(life, story, memory, command, situation));
    }
    long deadline =
        Deadlines.atRenewal(
                situation.contract().lifetime(),
                Lifespan.UNSPECIFIED,
                null,
                life,
                life.validFromMillis(),
                situation.nowMillis())
            .deadlineMillis();
    EntryReply reply = view(life.slidTo(deadline), story, memory, command, situation);
    if (deadline == life.expiresAtMillis() || !(reply instanceof Found)) {
      return Decision.answer(view(life, story, memory, command, situation));
    }
    Fact fact = Fact.of(life.version(), Terms.NONE, life, situation);
    return Decision.of(new EntryEvent.Slid(fact, life.validFromMillis(), deadline), reply);
  }

  static Decision history(Story story, EntryCommand.ReadHistory command) {
    return Decision.answer(new EntryReply.Story(story.newest(command.limit())));
  }

  private static EntryReply view(
      Life life, Story story, Memory memory, EntryCommand.Read command, Situation situation) {
    Durability durability = situation.contract().durability();
    if (command.revision() == 0 || command.revision() == life.version().revision()) {
      return new Found(life.view(durability).with(memory.vector()));
    }
    return story
        .at(new Version(life.version().incarnation(), command.revision()))
        .<EntryReply>map(chapter -> new Found(older(life, chapter, durability)))
        .orElseGet(() -> Refusals.about(Reason.UNKNOWN_REVISION, life));
  }

  private static EntryView older(Life life, Story.Chapter chapter, Durability durability) {
    return new EntryView(
        chapter.event().version(),
        Instant.ofEpochMilli(life.createdAtMillis()),
        chapter.event().at(),
        life.expiresAt(),
        durability,
        Objects.requireNonNull(chapter.value()));
  }
}
